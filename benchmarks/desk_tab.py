"""A tab at a review desk: it knows which answer is its own, and reads what the pages showed last."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from benchmarks.tab import STATE, SilentPortalError, Tab, state_name

QUEUE: Final = state_name("state.review.review", "review_queue")
PAGE: Final = state_name("state.review.proforma", "proforma_page")
DIALOG: Final = state_name("state.review.edit_dialog", "edit_dialog")
COMMENTS: Final = state_name("state.review.comments", "comments")
# A page is opened inside the application, as by a click on its link.
_NAVIGATE: Final = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
# What a page shows of which a person makes use.
_KEPT: Final = (
    (QUEUE, "rows"), (PAGE, "head"), (PAGE, "lines"), (PAGE, "panel"), (PAGE, "panel_problem"),
    (PAGE, "panel_theirs"), (PAGE, "failure"), (DIALOG, "problem"), (DIALOG, "is_open"), (COMMENTS, "problem"),
)  # fmt: skip
_TOAST: Final = '"events":[{'
_PATIENCE: Final = 30.0
_VAR: Final = "_rx_state_"


@dataclass(frozen=True)
class Answer:
    """What came back: seconds until each mark was here, and the toast of a refusal, '' for none."""

    seconds: tuple[float, ...]
    refusal: str = ""


class DeskTab(Tab):
    """A tab whose answers are told from what its watchers send by vars that only the handler asked for sets."""

    def __init__(self, http: aiohttp.ClientSession, url: str, cookie: str) -> None:
        super().__init__(http, url, cookie, path="/review", state=QUEUE)
        self._shown: dict[tuple[str, str], tuple[str, int]] = {}
        self._marks: list[str] = []
        self._times: list[float] = []
        self._refusal = ""

    async def act(self, state: str, handler: str, payload: Mapping[str, Any], *marks: str) -> Answer:
        """Send one event and wait for an answer that holds one of the vars `marks`, or for a toast.

        A mark `show=all` asks for the var with that text; the late part of a page may bring the var alone.

        Raises:
            SilentPortalError: neither came.
        """
        return await self._await(f"{state}.{handler}", payload, ["|".join(marks)])

    async def navigate(self, path: str, *marks: str) -> Answer:
        """Open another page and wait for the answers that hold each of the vars `marks`, one after the other."""
        self._path = path
        return await self._await(_NAVIGATE, {}, marks)

    def shown(self, state: str, var: str) -> Any:  # noqa: ANN401 -- any JSON value
        """Return what the page showed last of a var; None before it showed any."""
        if (found := self._shown.get((state, var))) is None:
            return None
        text, at = found
        return json.JSONDecoder().raw_decode(text, at)[0]

    async def _await(self, name: str, payload: Mapping[str, Any], marks: Sequence[str]) -> Answer:
        self._marks, self._times, self._refusal = list(marks), [], ""
        self._answered.clear()
        begun = time.perf_counter()
        await self._post(name, payload)
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._answered.wait()
        except TimeoutError:
            missing = self._marks[0] if self._marks else ""
            raise SilentPortalError(f"{name} was not answered with {missing}") from None
        finally:
            self._marks = []
        return Answer(tuple(at - begun for at in self._times), self._refusal)

    def _hear(self, text: str) -> None:
        if not self._marks:
            super()._hear(text)
        self._keep(text)
        if self._marks and _TOAST in text:
            self._refusal, self._marks = text, []
            self._times.append(time.perf_counter())
            self._answered.set()
        while self._marks and any(_sought(mark) in text for mark in self._marks[0].split("|")):
            self._marks.pop(0)
            self._times.append(time.perf_counter())
            if not self._marks:
                self._answered.set()

    def _keep(self, text: str) -> None:
        for state, var in _KEPT:
            begin = text.find(f'"{state}":{{')
            if begin < 0:
                continue
            key = f'"{var}{_VAR}":'
            at, end = text.find(key, begin), text.find(f'"{STATE}', begin + 1)
            if at >= 0 and (end < 0 or at < end):
                self._shown[state, var] = text, at + len(key)


def _sought(mark: str) -> str:
    var, is_valued, value = mark.partition("=")
    return f'"{var}{_VAR}":' + (f'"{value}"' if is_valued else "")
