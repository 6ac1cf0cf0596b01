"""Proof of what was seen: screenshot and HTML, without the secrets."""

import html as markup
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from carriers.exchange import SecretLike
from carriers.page import OtherRows, Page
from carriers.profile import SiteRules
from carriers.profile_checks import EVERY_LIST
from carriers.steps import FillStep, OtpStep, ReadTableStep, Step

_BLANKED = "[blanked]"
_SHORTEST_SECRET = 4


class EvidenceSink(Protocol):
    """Where captures go; `kind` is before, after or failure, `label` the step as people read it."""

    def capture(self, kind: str, label: str, png: bytes, html: str) -> None:
        """Keep one capture."""


class Recorder:
    """Captures a page into a sink, with every secret field, every secret text and the rows of other matters blanked."""

    def __init__(self, page: Page, sink: EvidenceSink, site: SiteRules, secrets: Iterable[SecretLike]) -> None:
        self._page = page
        self._sink = sink
        self._masked = tuple(secret_selectors(site))
        self._secrets = tuple(secrets)
        self._others = OtherRows(tuple(list_tables(site)))

    def about(self, invoice_number: str) -> None:
        """Say which invoice the captures from now on are about; '' for none."""
        self._others = replace(self._others, keep=invoice_number)

    def capture(self, kind: str, label: str) -> None:
        """Capture the page as it is now."""
        seen = self._page.snapshot(self._masked, self._others)
        self._sink.capture(kind, label, seen.png, self._without_secrets(seen.html))

    def _without_secrets(self, html: str) -> str:
        for secret in self._secrets:
            text = secret.reveal()
            if len(text) >= _SHORTEST_SECRET:
                html = html.replace(text, _BLANKED).replace(markup.escape(text), _BLANKED)
        return html


def secret_selectors(site: SiteRules) -> list[str]:
    """Return the selectors of every field into which the log-in types a secret or a code."""
    secret = {f"{{{field.name}}}" for field in site.credentials if field.kind == "secret"}
    return [selector for step in site.steps.login if _types_secret(step, secret) for selector in step.selectors]  # type: ignore[union-attr]  # checked by _types_secret


def list_tables(site: SiteRules) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the site's lists of invoices: selectors of their rows, and the column of the number."""
    for steps in (site.steps.named(name) for name in EVERY_LIST):
        for step in steps:
            if isinstance(step, ReadTableStep) and (column := step.table.columns.get("invoice_number")):
                yield step.table.selectors, column


def _types_secret(step: Step, secret: set[str]) -> bool:
    return isinstance(step, OtpStep) or (isinstance(step, FillStep) and any(name in step.value for name in secret))
