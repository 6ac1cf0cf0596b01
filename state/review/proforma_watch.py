"""A proforma's page kept up to date: its parts are woken together, and read together what concerns each."""

from collections.abc import AsyncIterator, Coroutine
from typing import Any, Final

import reflex as rx

from models.enums import Role
from services.changes import COMMENTS_OF, Record
from state.addresses import number_in
from state.guard import guarded
from state.live import Watched, changes
from state.reading import side_by_side
from state.review.comments import Comments
from state.review.proforma import ProformaPage
from state.review.proforma_budget import ProformaBudget
from state.review.proforma_people import ProformaPeople

_STAFF: Final = frozenset({Role.ATTORNEY, Role.BILLER, Role.ADMIN})
# What an approval or a forward of another bill has to do with this one is seen by looking only.
_HANDED: Final = ("proforma_approval", "proforma_forward")


class ProformaWatch(rx.State):
    """Watches for the parts of a proforma's page."""

    @rx.event(background=True)
    @guarded(*_STAFF)
    async def watch(self) -> None:
        """Keep the page up to date while the tab shows it; an open form is left alone."""
        proforma_id = number_in(self.router.url.path) or 0
        bill, said = ("proforma", proforma_id), (COMMENTS_OF, proforma_id)
        async for news in changes(self, bill, said, *_HANDED):
            async with self:
                await side_by_side([part async for part in self._concerned(bill, said, news)])

    async def _concerned(
        self, bill: Record, said: Record, news: frozenset[Watched]
    ) -> AsyncIterator[Coroutine[Any, Any, object]]:
        if bill in news:
            # One's own step woke this too, and its handler has read the proforma since.
            yield (await self.get_state(ProformaPage))._current()  # noqa: SLF001 -- a part of this page
            # Every edit of a line takes more or less of a budget.
            yield (await self.get_state(ProformaBudget))._refresh()  # noqa: SLF001 -- as above
        if news.intersection((bill, *_HANDED)):
            yield (await self.get_state(ProformaPeople))._refresh()  # noqa: SLF001 -- as above
        if said in news:
            yield (await self.get_state(Comments))._refresh()  # noqa: SLF001 -- as above
