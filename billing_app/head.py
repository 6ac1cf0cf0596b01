"""What every page has in its head: icons, the manifest of the installable app, the keyboard scripts."""

import reflex as rx


def head() -> list[rx.Component]:
    """Return the elements."""
    return [
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#fbfcfd", media="(prefers-color-scheme: light)"),
        rx.el.meta(name="theme-color", content="#111113", media="(prefers-color-scheme: dark)"),
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        rx.el.script(src="/focus.js", defer=True),
        rx.el.script(src="/keys.js", defer=True),
        rx.el.script(src="/review.js", defer=True),
        rx.el.script(src="/guidelines.js", defer=True),
        rx.el.script(src="/late.js", defer=True),
    ]
