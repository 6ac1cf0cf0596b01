"""Whose event it is: the session is read for each that a browser sends, and once for what follows from it."""

import asyncio
import time
from collections import OrderedDict
from typing import NamedTuple

from reflex_base.event.context import EventContext

from services.sessions import Principal
from state.doorkeeper import recognise

# A click on a link is one event of the browser and two that it leads to; what comes later is asked for anew.
_TOGETHER_SECONDS = 1.0
_MOST = 2_000


class _Checked(NamedTuple):
    """What a session's check said, for which cookie, and when it was asked."""

    cookie: str
    person: Principal
    asked_at: float


class Whose:
    """The checks of the events that ran lately, by their transactions."""

    def __init__(self) -> None:
        self._checked: OrderedDict[str, _Checked] = OrderedDict()

    async def recognised(self, cookie: str) -> Principal | None:
        """Return who sent the present event; one that another has just led to is of the same person."""
        event, asked_at = EventContext.get(), time.monotonic()
        earlier = self._checked.get(event.parent_txid or "")
        if earlier is None or earlier.cookie != cookie or asked_at - earlier.asked_at > _TOGETHER_SECONDS:
            person = await asyncio.to_thread(recognise, cookie)
            if person is None:
                return None
            earlier = _Checked(cookie, person, asked_at)
        self._checked[event.txid] = earlier
        if len(self._checked) > _MOST:
            self._checked.popitem(last=False)
        return earlier.person
