"""One person at a desk: what is pressed and typed, how long it took, and what was said to it."""

import asyncio
import random
import time
from collections.abc import Mapping
from typing import Any, Final

from benchmarks.desk_ledger import DeskLedger, Refused, Taken
from benchmarks.desk_tab import COMMENTS, DIALOG, PAGE, QUEUE, Answer, DeskTab
from benchmarks.tab import SilentPortalError

# The rest of an answer whose first part is counted already.
WHOLE_PAGE: Final = "open a proforma, all parts"
_CODES: Final = ("L110", "L120", "L130", "L160", "L210", "L230", "L310", "L330", "L350", "L430")


class DayIsOver(Exception):  # noqa: N818 -- it is no error
    """The run's time is up before the next action."""


class Person:
    """A person with a tab, who thinks `think` seconds before each action until the time `until` has come."""

    def __init__(self, name: str, tab: DeskTab, ledger: DeskLedger, *, think: float, until: float) -> None:
        self.name = name
        self.tab = tab
        self.ledger = ledger
        self.chance = random.Random(name)
        self._think = think
        self._until = until
        self._edits = 0

    @property
    def has_time(self) -> bool:
        """Whether the run goes on."""
        return time.monotonic() < self._until

    def next_mark(self) -> str:
        """Return words that no other edit carries."""
        self._edits += 1
        return f"{self.name}, edit {self._edits}."

    async def open_queue(self, path: str = "/review") -> list[dict[str, Any]]:
        """Open the queue and return its rows."""
        await self._pause()
        self._note("open the queue", await self.tab.navigate(path, "returning"))
        return self.tab.shown(QUEUE, "rows") or []

    async def open_proforma(self, proforma_id: str) -> list[dict[str, Any]]:
        """Open a proforma and return the lines that are shown once all parts of the page are there.

        Raises:
            SilentPortalError: it shows no line.
        """
        await self._pause()
        answer = await self.tab.navigate(f"/proforma/{proforma_id}", "dialog", "forwarding")
        self._note("open a proforma", answer)
        if not answer.refusal:
            self.ledger.add(WHOLE_PAGE, answer.seconds[1])
        await self._do("show all lines", PAGE, "choose", {"show": "all"}, "show=all")
        lines: list[dict[str, Any]] = self.tab.shown(PAGE, "lines") or []
        if not lines:
            said = self.ledger.toasts[-1:], self.tab.shown(PAGE, "failure")
            raise SilentPortalError(f"proforma {proforma_id} showed no line to {self.name}: {said}")
        return lines

    async def open_line(self, line_id: str) -> dict[str, Any]:
        """Open a line beside the list and return its form."""
        await self._do("open a line", PAGE, "open_line", {"line_id": line_id}, "panel_theirs")
        return self.tab.shown(PAGE, "panel") or {}

    async def save_hours(self, panel: Mapping[str, Any], units: str) -> bool:
        """Bill other hours or units of the open line; whether it was taken."""
        return await self._save(panel, {"units": units}, ("billed_units", units), kind="edit hours")

    async def save_code(self, panel: Mapping[str, Any]) -> bool:
        """Give the open line of time another task code; whether it was taken."""
        code = self.chance.choice([code for code in _CODES if code != panel["task_code"]])
        return await self._save(panel, {"task_code": code}, ("task_code", code), kind="edit a code")

    async def save_text(self, panel: Mapping[str, Any]) -> bool:
        """Word the open line anew; the text of somebody's time is proposed to that person."""
        text = f"{panel['narrative']} ({self.name} {self._edits + 1})"
        column = "proposal" if panel["is_others_text"] else "billed_narrative"
        return await self._save(panel, {"narrative": text}, (column, text), kind="edit a narrative")

    async def save_again(self, panel: Mapping[str, Any], given: Mapping[str, str], column: str) -> bool:
        """Put what was typed over what somebody else stored meanwhile; whether it was taken."""
        return await self._save(panel, given, (column, next(iter(given.values()))), kind="save again")

    async def take_theirs(self) -> None:
        """Drop what was typed."""
        await self._do("take the stored values", PAGE, "take_theirs", {}, "panel_theirs")

    async def write_down(self, line_id: str, amount: str) -> bool:
        """Write a line down by the dialog, with the sum shown before it is done; whether it was taken."""
        await self._do(
            "ask to write down", DIALOG, "ask_line", self._about(kind="write_down", line_id=line_id), "fields"
        )
        typed = {"name": "value", "text": amount}
        await self._do("preview", DIALOG, "type_value", typed, "after", thinks=False)
        mark = self.next_mark()
        answer = await self._do(
            "write down",
            DIALOG,
            "submit",
            {"form": {"of": "amount", "value": amount, "note": mark}},
            "is_open",
            "problem",
        )
        if not answer.refusal and self.tab.shown(DIALOG, "is_open") is False:
            self.ledger.taken.append(Taken(self.name, mark, int(line_id), "write_down_amount", amount))
            return True
        said = self.tab.shown(DIALOG, "problem") or ""
        self.ledger.refused.append(Refused(self.name, mark, said, offers_both="still here" in said))
        await self._do("close the dialog", DIALOG, "close", {"is_open": False}, "is_open")
        return False

    async def comment(self) -> None:
        """Say something about the bill."""
        self._edits += 1
        text = f"Please look at this again ({self.name}, {self._edits})."
        await self._do("type a comment", COMMENTS, "type_text", {"text": text}, "draft")
        await self._do("comment", COMMENTS, "send", {}, "problem", thinks=False)

    async def approve(self, row: Mapping[str, Any]) -> None:
        """Approve one of the queue; over what blocks with the words of who allowed it."""
        seen = {"proforma_id": row["id"], "version": row["version"]}
        await self._do("approve", QUEUE, "approve", seen, "can_undo", "done", "allowing_title")
        if row["is_blocked"]:
            form = {"form": {"note": "Allowed on the telephone today."}}
            await self._do("approve over a block", QUEUE, "approve_all_the_same", form, "allowing", "allow_problem")

    async def approve_clean(self) -> None:
        """Approve all clean ones of the queue at once."""
        await self._do("lay out the clean", QUEUE, "offer_clean", {}, "is_offering")
        form = {"form": {"cap": "1000000"}}
        await self._do("approve the clean", QUEUE, "approve_offered", form, "is_offering", "offer_problem")

    async def give_back(self, row: Mapping[str, Any]) -> None:
        """Return one of the queue to billing with a reason."""
        seen = {"proforma_id": row["id"], "version": row["version"]}
        await self._do("ask to return", QUEUE, "ask_return", seen, "return_problem")
        form = {"form": {"reason_wrong_code": "on", "lines_wrong_code": "1", "note": "Please check the code."}}
        await self._do("return", QUEUE, "send_return", form, "returning", "return_problem")

    async def send_again(self, row: Mapping[str, Any]) -> None:
        """Send a returned one to review again."""
        seen = {"proforma_id": row["id"], "version": row["version"]}
        await self._do("ask to send", QUEUE, "ask_send", seen, "sending")
        form = {"form": {"note": "The code is right now."}}
        await self._do("send again", QUEUE, "send_again", form, "sending", "sending_problem")

    async def search(self, text: str) -> None:
        """Narrow the queue to a text, and show all of it again."""
        for typed in (text, ""):
            await self._do("search the queue", QUEUE, "narrow", {"name": "search", "value": typed}, "is_loading")

    async def _save(
        self, panel: Mapping[str, Any], given: Mapping[str, str], expected: tuple[str, str], *, kind: str
    ) -> bool:
        mark = self.next_mark()
        codes = ("expense_code",) if panel["is_expense"] else ("task_code", "activity_code")
        form = {
            "narrative": panel["narrative"],
            "units": panel["billed_units"],
            "unit_cost": panel["rate"],
            **{name: panel[name] for name in codes},
            **given,
            "note": mark,
        }
        answer = await self._do(kind, PAGE, "save_line", {"form": form}, "panel_problem")
        said = self.tab.shown(PAGE, "panel_problem") or ""
        if not answer.refusal and not said:
            self.ledger.taken.append(Taken(self.name, mark, int(panel["id"]), *expected))
            return True
        theirs = bool(self.tab.shown(PAGE, "panel_theirs"))
        self.ledger.refused.append(Refused(self.name, mark, said or answer.refusal, offers_both=theirs))
        return False

    def _about(self, **given: str) -> dict[str, str]:
        return {**given, "version": (self.tab.shown(PAGE, "head") or {}).get("version", "0")}

    async def _do(
        self, kind: str, state: str, handler: str, payload: Mapping[str, Any], *marks: str, thinks: bool = True
    ) -> Answer:
        if thinks:
            await self._pause()
        answer = await self.tab.act(state, handler, payload, *marks)
        self._note(kind, answer)
        return answer

    def _note(self, kind: str, answer: Answer) -> None:
        self.ledger.add(kind, answer.seconds[0])
        if answer.refusal:
            self.ledger.toasts.append(f"{kind}: {answer.refusal[:300]}")

    async def _pause(self) -> None:
        # Think times spread, so that people do not march in step.
        await asyncio.sleep(self.chance.uniform(0.5, 1.5) * self._think)
        if not self.has_time:
            raise DayIsOver
