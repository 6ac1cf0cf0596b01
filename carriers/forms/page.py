"""`FormPage`: the runner's page door without a browser. What would need a script is refused before anything is sent."""

import time
from collections.abc import Mapping, Sequence

import httpx
from lxml.html import HtmlElement

from carriers.errors import PageChangedError, SiteError
from carriers.forms import fields
from carriers.forms.document import Document
from carriers.forms.fields import ChosenFile, NeedsScriptError
from carriers.forms.wire import NotAPageError, Wire
from carriers.hosts import NEUTRAL
from carriers.page import NO_OTHER_ROWS, Element, Look, NotClickedError, OtherRows, Snapshot, Target
from carriers.steps import RowField

_LOOKS_AT_ONE_PAGE = 3
_ASK_AGAIN_SECONDS = 0.2


class SurpriseError(PageChangedError):
    """The lane cannot go on: the page needs a script, or is not the one that was learnt. It never leaves the lane."""

    code = "lane_surprise"
    template = "{site} needs a browser for this step. Nothing was sent on the fast lane; the browser goes on."

    def __init__(self, site: str, **facts: object) -> None:
        SiteError.__init__(self, site, "", **facts)
        self.selector, self.evidence = str(facts.get("waits_for", "")), ""


class FormPage:
    """One page at a time, fetched and posted by `wire`. `site` names it in errors."""

    def __init__(self, wire: Wire, site: str) -> None:
        self._wire = wire
        self._site = site
        self._document: Document | None = None
        self._files: dict[HtmlElement, ChosenFile] = {}
        self._failed = False
        self._arrived_at = 0.0
        self._looks = 0
        self._awaits_answer = False
        self._asked: tuple[Target, ...] = ()

    def open(self, url: str) -> None:
        """Fetch a page; the neutral one is empty."""
        if url == NEUTRAL:
            self._show(None)
            return
        self._fetch(fields.Request("GET", url))

    def look(self, targets: Sequence[Target]) -> Look:
        """Look once for every target; a page that cannot change by itself is not looked at for ever.

        Raises:
            SurpriseError: what was looked for is not there, and without a script it never will be.
        """
        if self._failed:
            return Look("", 0, failed_to_load=True, matches=(None,) * len(targets))
        self._reload_when_due()
        page = self._document
        if page is None:
            return Look(NEUTRAL, 0, failed_to_load=False, matches=(None,) * len(targets))
        asked = tuple(targets)
        self._looks, self._asked = (self._looks + 1 if asked == self._asked else 1), asked
        if self._looks > _LOOKS_AT_ONE_PAGE and page.refresh() is None and not self._awaits_answer:
            raise SurpriseError(self._site, waits_for=targets[0].selectors[:1], at=page.url)
        matches = tuple(page.match(target) for target in targets)
        return Look(page.url, page.status, failed_to_load=False, matches=matches)

    def click(self, element: Element) -> None:
        """Send what a click on a link or a button sends; NotClickedError when surely nothing was sent."""
        field = _real(element)
        if fields.type_of(field) in {"checkbox", "radio"}:
            fields.check(field, self._here, on=field.get("checked") is None)
            return
        try:
            request = fields.request_of(field, self._here, self._files)
        except NeedsScriptError as scripted:
            raise SurpriseError(self._site, reason=str(scripted)) from scripted
        self._fetch(request)

    def fill(self, element: Element, text: str) -> None:
        """Replace the text of a field."""
        fields.fill(_real(element), text)

    def choose(self, element: Element, value: str) -> bool:
        """Choose an option by value or text; False when there is none."""
        return fields.choose(_real(element), value)

    def check(self, element: Element, *, on: bool) -> None:
        """Set a check box."""
        fields.check(_real(element), self._here, on=on)

    def attach(self, element: Element, file_name: str, content: bytes) -> None:
        """Give a file to a file field."""
        field = _real(element)
        if fields.type_of(field) != "file":
            raise NotClickedError("not a file field")
        self._files[field] = ChosenFile(file_name, content)
        field.set("data-chosen", file_name)

    def rows(self, row_selectors: Sequence[str], columns: Mapping[RowField, str]) -> list[dict[str, str]]:
        """Read a table: the text of each column in each visible row."""
        return self._here.rows(row_selectors, columns)

    def enter_frame(self, element: Element | None) -> None:
        """Frames are the browser's."""
        if element is not None:
            raise SurpriseError(self._site, reason="a frame")

    def switch_window(self, which: str) -> bool:
        """Other windows are the browser's."""
        if which != "main":
            raise SurpriseError(self._site, reason="another window")
        return True

    def close_other_windows(self) -> None:
        """There are none."""

    def answer_dialog(self, *, accept: bool) -> bool:  # noqa: ARG002 -- a page without scripts asks nothing
        """There is no dialog."""
        return False

    def forbid_resend(self) -> None:
        """Nothing is ever sent twice here: a broken line is reported and that is all."""

    def snapshot(self, masked: Sequence[str], others: OtherRows = NO_OTHER_ROWS) -> Snapshot:
        """Return the page's HTML with secret fields and rows of other matters blanked; there is no picture."""
        return Snapshot(b"", self._here.markup(masked, others) if self._document is not None else "")

    def restart(self) -> None:
        """Forget the page."""
        self._show(None)

    @property
    def _here(self) -> Document:
        if self._document is None:
            raise NotClickedError("no page is open")
        return self._document

    def _fetch(self, request: fields.Request) -> None:
        """Send and show what comes back; a line that breaks leaves a page that failed to load, as in a browser."""
        referer = self._document.url if self._document is not None else ""
        charset = self._document.charset if self._document is not None else "utf-8"
        self._show(None)
        try:
            self._show(self._wire.send(request, referer, charset))
            self._awaits_answer = request.method == "POST" and self._here.may_reload
        except httpx.TransportError:
            self._failed = True
        except NotAPageError as other:
            raise SurpriseError(self._site, reason=str(other)) from other

    def _show(self, document: Document | None) -> None:
        self._document, self._files, self._failed, self._asked = document, {}, False, ()
        self._awaits_answer = False
        self._arrived_at = time.monotonic()

    def _reload_when_due(self) -> None:
        """Load the page anew when it asks for that, or while the answer to a form is still being worked out."""
        page, age = self._document, time.monotonic() - self._arrived_at
        if page is None:
            return
        asked = page.refresh()
        if asked is not None and age >= asked[0]:
            self._fetch(fields.Request("GET", asked[1]))
        elif self._awaits_answer and self._looks > _LOOKS_AT_ONE_PAGE and age >= _ASK_AGAIN_SECONDS:
            looks, asked_for = self._looks, self._asked
            self._fetch(fields.Request("GET", page.url))
            self._looks, self._asked, self._awaits_answer = looks, asked_for, True


def _real(element: Element) -> HtmlElement:
    if not isinstance(element, HtmlElement):
        raise NotClickedError("not an element of this page")
    return element
