"""A visit's browser, noted on its account while it runs on a Grid, so that the account's next owner can end it."""

from contextlib import suppress
from typing import Generic, TypeVar

from carriers.browser import Browser
from carriers.grid import end_session
from core.errors import FencedError
from services.uploads.site_visit import VisitOrder

B = TypeVar("B", bound=Browser)


class NotedBrowser(Generic[B]):
    """One browser of one account; a local one needs no note, for it ends with its worker.

    Attributes:
        live: what is driven.
    """

    def __init__(self, live: B, order: VisitOrder, grid_url: str) -> None:
        self.live = live
        self._order = order
        self._grid = grid_url
        self._noted = ""

    def start(self) -> None:
        """Start it, unless it runs."""
        self.live.start()
        self.note()

    def note(self) -> None:
        """Note a new session on the Grid; one that a dead worker left there under this account is ended."""
        opened = self.live.grid_session
        if opened == self._noted:
            return
        left, self._noted = self._order.note_browser(opened), opened
        if left:
            end_session(self._grid, left)

    def close(self) -> None:
        """End it and take the note back."""
        self.live.close()
        if self._noted:
            with suppress(FencedError):  # the account's next owner has taken the note over
                self._order.note_browser("")

    def kill(self) -> None:
        """End it at once; may be called from another thread."""
        self.live.kill()
