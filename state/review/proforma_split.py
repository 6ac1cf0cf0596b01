"""The dialog that proposes a split: the detector's texts to be edited; the hours are its timekeeper's alone."""

import asyncio
from dataclasses import dataclass
from functools import partial

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel import Session

from core.errors import BillingError, InvalidInputError
from models.enums import Role
from services.actor import Actor
from services.review import splits
from services.review.proforma_lines import LineRow
from services.review.split_queries import is_own_line
from state.guard import guarded
from state.review.proforma import ProformaPage
from state.review.proforma_work import Change, carry_out, read
from state.words import units, whole_number

_EDITORS = frozenset({Role.ATTORNEY, Role.BILLER})
_MOST = 20


@dataclass(frozen=True)
class TextField:
    """One text's field in the form."""

    name: str
    label: str
    text: str


class SplitDialog(rx.State):
    """The question which texts a line is split into."""

    is_open: bool = False
    title: str = ""
    text: str = ""
    fields: list[TextField] = []
    problem: str = ""

    _line_id: int = 0
    _version: int = 0
    _next: int = 0

    @rx.event
    @guarded(Role.ATTORNEY, Role.BILLER, Role.ADMIN)
    async def load(self) -> None:
        """Begin with no question; one that was left open with its page is not asked again."""
        self.is_open = False

    @rx.event
    @guarded(*_EDITORS)
    async def ask(self, line_id: str, version: str) -> None:
        """Open the dialog with the texts that the rule proposes, or with the whole narrative to be taken apart."""
        page = await self.get_state(ProformaPage)
        self._line_id, self._version = whole_number(line_id), whole_number(version)
        detail = await asyncio.to_thread(read, whole_number(page.head.id))
        line = next((one for one in detail.lines if one.id == self._line_id), None)
        if line is None:
            raise InvalidInputError("The line is gone from this proforma. Nothing was proposed; reload the page.")
        self.title = f"Split line {line.line_number} of {line.timekeeper_name}, {units(line.billed_units)} h"
        self.text = (
            "One text for each task. The hours stay blank: only the timekeeper can say them, and attests them at "
            "“Waiting for me”. The entry itself stays as it is."
        )
        self._next, self.fields, self.problem, self.is_open = 0, [], "", True
        for proposed in _proposed(line):
            self._add(proposed)

    @rx.event
    @guarded(*_EDITORS)
    async def add_text(self) -> None:
        """Offer one more field."""
        if len(self.fields) < _MOST:
            self._add("")

    @rx.event
    @guarded(*_EDITORS)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- what the dialog sends
        """Close the dialog; nothing is proposed."""
        self.is_open = is_open

    @rx.event
    @guarded(*_EDITORS)
    async def propose(self, form: dict[str, str]) -> EventSpec | None:
        """Send the texts to the timekeeper; who splits their own line goes on to the hours at once."""
        texts = [form.get(field.name, "") for field in self.fields]
        change = partial(splits.propose_split, line_id=self._line_id, expected_version=self._version, parts=texts)
        own: list[bool] = []
        try:
            await asyncio.to_thread(carry_out, partial(_propose, change=change, line_id=self._line_id, own=own))
        except BillingError as refused:
            self.problem = f"{refused.user_message} What you typed is still here."
            return None
        self.is_open, self.problem = False, ""
        if own[0]:
            return rx.redirect("/attest")
        page = await self.get_state(ProformaPage)
        await page._after_line("Proposed. Its timekeeper fills in the hours; until then the line is billed as it is.")  # noqa: SLF001 -- the page's own dialog
        return None

    @rx.event
    @guarded(*_EDITORS)
    async def withdraw(self, proposal_id: str) -> None:
        """Take a proposal back."""
        chosen = whole_number(proposal_id)
        page = await self.get_state(ProformaPage)
        await page._do(partial(splits.withdraw_split, proposal_id=chosen), "The proposed split was taken back.")  # noqa: SLF001 -- as above

    def _add(self, text: str) -> None:
        self._next += 1
        self.fields.append(TextField(f"part_{self._next}", f"Text {self._next}", text))


def _propose(session: Session, who: Actor, *, change: Change, line_id: int, own: list[bool]) -> None:
    own.append(is_own_line(session, who, line_id))
    change(session, who)


def _proposed(line: LineRow) -> tuple[str, ...]:
    found = (finding.fix.parts for finding in line.findings if finding.fix is not None and finding.fix.parts)
    return next(found, (line.billed_narrative, ""))
