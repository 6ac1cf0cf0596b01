"""What the runner asks of a browser: few verbs, none of them clever. `carriers/browser.py` is the real one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from carriers.steps import RowField

Element = object


@dataclass(frozen=True)
class Target:
    """Something to look for: the first selector that matches, containing one of the texts when there are some."""

    selectors: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    hidden_too: bool = False


@dataclass(frozen=True)
class Match:
    """What was found: the element, the selector that matched first, and how many elements it matches."""

    element: Element
    selector: str
    count: int
    text: str


@dataclass(frozen=True)
class Look:
    """One look at the page, all at the same instant.

    Attributes:
        url: address of the document looked at.
        status: HTTP status of that document, 0 when the browser does not know it.
        failed_to_load: the browser shows its own error page.
        matches: one for each target, None where nothing matched.
    """

    url: str
    status: int
    failed_to_load: bool
    matches: tuple[Match | None, ...]


@dataclass(frozen=True)
class Snapshot:
    """The page as evidence: PNG and HTML, secret fields and rows of other matters blanked in both."""

    png: bytes
    html: str


@dataclass(frozen=True)
class OtherRows:
    """Rows of the site's own lists that are not about one invoice, and are covered in proofs.

    `tables` are pairs of row selectors and the column of the invoice number inside a row, as `Page.rows` reads it. Rows
    that show `keep` stay; '' covers them all. A page where no row has such a number shows no such list.
    """

    tables: tuple[tuple[tuple[str, ...], str], ...] = ()
    keep: str = ""


NO_OTHER_ROWS = OtherRows()


@dataclass(frozen=True)
class Cookie:
    """One cookie of a session."""

    name: str
    value: str
    domain: str
    path: str


@dataclass(frozen=True)
class Source:
    """A page's HTML as it stands now; `loaded_at` tells one document from the next at the same address."""

    loaded_at: float
    html: str


class NotClickedError(Exception):
    """The browser is sure that nothing was clicked or typed: the element had gone or was covered."""


class ViewLostError(Exception):
    """The frame or window that was worked in has gone; the page stands in its main window again."""


class Page(Protocol):
    """One browser window on one site, with the frames in it and the windows it opens.

    Every method may raise ViewLostError; when a touch does, the touch itself may have closed the view.
    """

    def open(self, url: str) -> None:
        """Go to an address and return when its document can be read."""

    def look(self, targets: Sequence[Target]) -> Look:
        """Look once for every target."""
        ...

    def click(self, element: Element) -> None:
        """Click; NotClickedError when surely nothing was clicked."""

    def fill(self, element: Element, text: str) -> None:
        """Replace the text of a field; in a list, choose the option."""

    def choose(self, element: Element, value: str) -> bool:
        """Choose an option by value or text; False when there is none."""
        ...

    def check(self, element: Element, *, on: bool) -> None:
        """Set a check box."""

    def attach(self, element: Element, file_name: str, content: bytes) -> None:
        """Give a file to a file field."""

    def rows(self, row_selectors: Sequence[str], columns: Mapping[RowField, str]) -> list[dict[str, str]]:
        """Read a table: the text of each column in each visible row."""
        ...

    def enter_frame(self, element: Element | None) -> None:
        """Work inside a frame, or in the whole page again; NotClickedError when the frame is no longer there."""

    def switch_window(self, which: str) -> bool:
        """Work in the newest or the main window; False while there is no other."""
        ...

    def close_other_windows(self) -> None:
        """Close what the site opened and work in the whole main window."""

    def answer_dialog(self, *, accept: bool) -> bool:
        """Answer a browser dialog; False when there is none."""
        ...

    def forbid_resend(self) -> None:
        """Make sure that the browser itself cannot send the next request twice."""

    def snapshot(self, masked: Sequence[str], others: OtherRows = NO_OTHER_ROWS) -> Snapshot:
        """Capture the page with password fields, the `masked` selectors and the rows of `others` blanked."""
        ...

    def restart(self) -> None:
        """Start over with a new browser after a crash."""
