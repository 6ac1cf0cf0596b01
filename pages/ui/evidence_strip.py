"""The proofs of a submission in a row; each opens in full."""

from typing import Any

import reflex as rx

from pages.ui.file_link import file_link


def evidence_strip(pieces: rx.Var[list[Any]]) -> rx.Component:
    """Return the strip of rows with `id`, `label`, `taken_at`, `is_picture` and `sha256`, all text but the fourth."""
    return rx.el.ul(rx.foreach(pieces, _piece), aria_label="Evidence", class_name="evidence")


def _piece(piece: rx.Var[Any]) -> rx.Component:
    address = f"/files/evidence/{piece.id}"
    picture = rx.el.img(src=address, alt="", loading="lazy", class_name="evidence-picture")
    page = rx.el.div(
        rx.cond(
            piece.sha256 != "",
            rx.icon("file-text", size=22, aria_hidden="true"),
            rx.icon("file-code", size=22, aria_hidden="true"),
        ),
        class_name="evidence-picture",
    )
    return rx.el.li(
        file_link(
            rx.cond(piece.is_picture, picture, page),
            rx.el.span(piece.label, class_name="evidence-label"),
            rx.el.span(piece.taken_at, class_name="evidence-time"),
            rx.cond(piece.sha256 != "", rx.el.code(f"SHA-256 {piece.sha256}…", class_name="evidence-time")),
            href=address,
            target="_blank",
            rel="noopener",
            class_name="evidence-link",
        )
    )
