"""How much waits for the signed-in person; the navigation shows it on every page."""

import asyncio

import reflex as rx

from core.db import read_only
from services.billing.split_queries import count_waiting
from state.guard import actor, guarded


class Waiting(rx.State):
    """How much waits for the signed-in person, for the navigation; '' = nothing."""

    count: str = ""

    @rx.event
    @guarded()
    async def load(self) -> None:
        """Count what waits; every page begins with it."""
        count = await asyncio.to_thread(_count)
        self.count = str(count) if count else ""


def _count() -> int:
    with read_only() as session:
        return count_waiting(session, actor())
