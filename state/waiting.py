"""How much waits for the signed-in person; the navigation shows it on every page."""

import reflex as rx

from core.db import read_only
from services.review.inbox import count_inbox
from state.guard import actor, guarded
from state.reading import read_together


class Waiting(rx.State):
    """How much waits for the signed-in person, for the navigation; '' = nothing."""

    count: str = ""

    @rx.event
    @guarded()
    async def load(self) -> None:
        """Count what waits; every page begins with it."""
        await self._count_again()

    async def _count_again(self) -> None:
        count = await read_together(_count)
        self.count = str(count) if count else ""


def _count() -> int:
    with read_only() as session:
        return count_inbox(session, actor())
