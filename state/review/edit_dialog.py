"""The one dialog that asks before a proforma is edited, and says what the bill comes to before it is done."""

import asyncio
from dataclasses import dataclass, replace

import reflex as rx

from core.db import read_only
from core.errors import BillingError, InvalidInputError
from models.enums import EntryKind, Role
from services.review.late_work import LateItem, list_late_work
from services.review.performers import Performer, list_performers
from services.review.proforma_lines import LineRow
from services.review.proformas import ProformaDetail
from services.review.transfers import list_targets
from state.guard import actor, guarded
from state.review.edit_changes import Asked, change_of, total_after, total_if_given
from state.review.edit_questions import bill_question, line_question, many_question
from state.review.line_selection import LineSelection
from state.review.proforma import ProformaPage
from state.review.proforma_work import carry_out, read
from state.review.question import EditField, Question
from state.review.timekeeper_questions import TO_TIMEKEEPER
from state.words import whole_number

_EDITORS = frozenset({Role.ATTORNEY, Role.BILLER})
_LONGEST = 4000
# Nothing of the bill changes before the timekeeper has attested it.
_ASKED_ONLY = TO_TIMEKEEPER
_ASKED = "Asked. The timekeeper answers at “Waiting for me”; until then the line is billed as it is."


@dataclass(frozen=True)
class TargetView:
    """A matter that work may go to."""

    id: str
    words: str


class EditDialog(rx.State):
    """The question that is open, what was typed so far, and the bill before and after."""

    is_open: bool = False
    title: str = ""
    text: str = ""
    action: str = ""
    tone: str = "iris"
    fields: list[EditField] = []
    asks_matter: bool = False
    search: str = ""
    targets: list[TargetView] = []
    matter: str = ""
    before: str = ""
    after: str = ""
    problem: str = ""

    _asked: Asked | None = None
    _typed: dict[str, str] = {}

    @rx.event
    @guarded(Role.ATTORNEY, Role.BILLER, Role.ADMIN)
    async def load(self) -> None:
        """Begin with no question; one that was left open with its page is not asked again."""
        self.is_open = False

    @rx.event
    @guarded(*_EDITORS)
    async def ask_line(self, kind: str, line_id: str, version: str) -> None:
        """Ask about one line."""
        page, detail = await self._detail()
        line = next((one for one in detail.lines if one.id == whole_number(line_id)), None)
        if line is None:
            raise InvalidInputError("The line is gone from this proforma. Nothing was changed; reload the page.")
        performers = await asyncio.to_thread(_performers, line.id) if kind == "performer" else []
        self._open(page, line_question(kind, line, performers), (line,), version)
        await self._find_targets()

    @rx.event
    @guarded(*_EDITORS)
    async def ask_many(self, kind: str, version: str) -> None:
        """Ask about the lines that are ticked."""
        page, detail = await self._detail()
        chosen = set((await self.get_state(LineSelection)).chosen)
        lines = tuple(line for line in detail.lines if str(line.id) in chosen)
        self._open(page, many_question(kind, lines), lines, version)
        await self._find_targets()

    @rx.event
    @guarded(*_EDITORS)
    async def ask_bill(self, kind: str, version: str) -> None:
        """Ask about the whole bill."""
        page, detail = await self._detail()
        late = await asyncio.to_thread(_late_work, detail.row.id) if kind == "late" else []
        self._open(page, bill_question(kind, detail, late), (), version)

    @rx.event
    @guarded(*_EDITORS)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the dialog; nothing is done."""
        self.is_open = is_open

    @rx.event
    @guarded(*_EDITORS)
    async def type_value(self, name: str, text: str) -> None:
        """Take what is typed, and say what the bill would come to."""
        if self._asked is not None and any(one.name == name for one in self.fields):
            self._typed[name] = text[:_LONGEST]
            await self._preview()

    @rx.event
    @guarded(*_EDITORS)
    async def find(self, text: str) -> None:
        """Look for the matter that the work goes to."""
        self.search = text[:80]
        await self._find_targets()

    @rx.event
    @guarded(*_EDITORS)
    async def choose(self, matter_id: str) -> None:
        """Choose the matter that the work goes to."""
        if self._asked is None or all(one.id != matter_id for one in self.targets):
            return
        self._asked = replace(self._asked, matter_id=whole_number(matter_id))
        self.matter = next(one.words for one in self.targets if one.id == matter_id)
        await self._preview()

    @rx.event
    @guarded(*_EDITORS)
    async def submit(self, form: dict[str, str]) -> None:
        """Do it; what is refused is said in the dialog, which keeps what was typed."""
        if self._asked is None:
            return
        page = await self.get_state(ProformaPage)
        try:
            change = change_of(self._asked, form)
            await asyncio.to_thread(carry_out, change)
        except BillingError as refused:
            await page._refresh()  # noqa: SLF001 -- the page's own dialog
            self._asked = replace(self._asked, version=whole_number(page.head.version))
            self.problem = f"{refused.user_message} What you typed is still here."
            return
        done = _ASKED if self._asked.kind in _ASKED_ONLY else "Done."
        self.is_open, self._asked = False, None
        (await self.get_state(LineSelection)).chosen = []
        await page._after_line(done)  # noqa: SLF001 -- as above

    def _open(self, page: ProformaPage, question: Question, lines: tuple[LineRow, ...], version: str) -> None:
        self._asked = Asked(
            question.kind,
            whole_number(page.head.id),
            whole_number(version),
            tuple(line.id for line in lines),
            is_expense=bool(lines) and lines[0].kind is EntryKind.EXPENSE,
        )
        self._typed = {one.name: one.value or (one.options[0].value if one.options else "") for one in question.fields}
        self.title, self.text, self.action, self.tone = question.title, question.text, question.action, question.tone
        self.fields, self.asks_matter = list(question.fields), question.asks_matter
        self.search, self.targets, self.matter, self.problem = "", [], "", ""
        self.before, self.after, self.is_open = page.head.amount, "", True

    async def _detail(self) -> tuple[ProformaPage, ProformaDetail]:
        page = await self.get_state(ProformaPage)
        return page, await asyncio.to_thread(read, whole_number(page.head.id))

    async def _find_targets(self) -> None:
        if self._asked is not None and self.asks_matter:
            self.targets = await asyncio.to_thread(_targets, self._asked.proforma_id, self.search)

    async def _preview(self) -> None:
        """Show what the bill would come to; what cannot be done yet shows nothing and is said when it is asked for."""
        if self._asked is None or self._asked.kind in _ASKED_ONLY - {"performer"}:
            return
        try:
            if self._asked.kind == "performer":
                self.after = await asyncio.to_thread(total_if_given, self._asked, self._typed)
                return
            change = change_of(self._asked, self._with_reason())
            self.after = await asyncio.to_thread(total_after, change, self._asked.proforma_id)
        except BillingError:
            self.after = ""

    def _with_reason(self) -> dict[str, str]:
        # The reason changes no amount, so the sum is shown before it is written.
        return {**self._typed, "note": self._typed.get("note") or "…", "narrative": self._typed.get("narrative") or "…"}


def _targets(proforma_id: int, search: str) -> list[TargetView]:
    with read_only() as session:
        found = list_targets(session, actor(), proforma_id=proforma_id, search=search)
    return [TargetView(str(one.id), f"{one.number} {one.name}") for one in found]


def _performers(line_id: int) -> list[Performer]:
    with read_only() as session:
        return list_performers(session, actor(), line_id=line_id)


def _late_work(proforma_id: int) -> list[LateItem]:
    with read_only() as session:
        return list_late_work(session, actor(), proforma_id=proforma_id)
