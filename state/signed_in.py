"""Long work checks again and again that the person who started it is still signed in."""

import asyncio
from typing import Any

from core.errors import NotSignedInError
from state.doorkeeper import recognise
from state.guard import set_principal


async def check_still_signed_in(state: Any) -> None:  # noqa: ANN401 -- a background event's proxy
    """Read the session behind a background event afresh.

    Raises:
        NotSignedInError: it has ended meanwhile.
    """
    async with state:
        cookie = state.router.headers.cookie
    person = await asyncio.to_thread(recognise, cookie)
    if person is None:
        raise NotSignedInError("You are signed out. What was finished is kept; sign in again to go on.")
    set_principal(person)
