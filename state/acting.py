"""Carrying out what a person asked for: in a thread, and with the reason in the page when it is refused."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import reflex as rx

from core.errors import BillingError, DeniedError, StaleVersionError, WrongStateError

Result = TypeVar("Result")
_SEE_ABOVE = "What you see now is the present state; what you typed is kept below."


class ActingState(rx.State, mixin=True):
    """What a refused step leaves in the page: its sentence, and the words that were typed for it."""

    problem: str = ""
    kept_text: str = ""

    async def _try(self, work: Callable[[], Result], typed: str = "") -> Result | None:
        """Run `work`; None when it was refused, with the reason in `problem` and what was typed in `kept_text`.

        Raises:
            DeniedError: the person may not; that is shown as everywhere.
        """
        try:
            done = await asyncio.to_thread(work)
        except DeniedError:
            raise
        except BillingError as error:
            is_old = isinstance(error, (StaleVersionError, WrongStateError))
            self.problem = f"{error.user_message} {_SEE_ABOVE}" if is_old and typed else error.user_message
            self.kept_text = typed
            return None
        self.problem, self.kept_text = "", ""
        return done
