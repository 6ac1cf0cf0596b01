"""A payor's answer to an invoice that went by e-mail or on paper, as a form in a dialog."""

import reflex as rx
from reflex_base.event import EventSpec

from core.db import unit_of_work
from core.errors import InvalidInputError
from models.enums import DecisionStatus, Role
from services.mailing.answers import PayorAnswer, answer_called, record_payor_answer
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.invoicing.invoice import InvoicePage
from state.words import number_typed

_LONGEST = 1000


class PayorAnswerForm(ActingState, rx.State):
    """The dialog; `outcome` is the answer that is chosen in it."""

    is_open: bool = False
    outcome: str = DecisionStatus.APPROVED.value
    number: str = ""

    _invoice_id: int = 0
    _version: int = 0

    @rx.event
    @guarded(Role.BILLER)
    async def open(self) -> None:
        """Open the dialog for the invoice that is shown."""
        page = await self.get_state(InvoicePage)
        self._invoice_id, self._version = int(page.item_id or 0), page._version  # noqa: SLF001 -- as it was shown
        self.number, self.outcome, self.problem = page.item.number, DecisionStatus.APPROVED.value, ""
        self.is_open = bool(self._invoice_id)

    @rx.event
    @guarded(Role.BILLER)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the dialog; nothing was recorded."""
        if not is_open:
            self.is_open, self.problem = False, ""

    @rx.event
    @guarded(Role.BILLER)
    async def choose(self, outcome: str) -> None:
        """Choose an answer."""
        self.outcome = (as_choice(DecisionStatus, outcome) or DecisionStatus.APPROVED).value

    @rx.event
    @guarded(Role.BILLER)
    async def record(self, form: dict[str, str]) -> EventSpec | None:
        """Record what the payor said."""
        outcome, amount, reason = self.outcome, form.get("amount", ""), form.get("note", "")[:_LONGEST]
        invoice_id, version = self._invoice_id, self._version
        done = await self._try(lambda: _record(invoice_id, version, outcome, amount, reason), typed=reason)
        if not done:
            return None
        self.is_open = False
        return rx.toast.success(f"The answer to invoice {self.number} is recorded.")


def _record(invoice_id: int, version: int, outcome: str, amount: str, reason: str) -> bool:
    kind = answer_called(outcome)
    if kind is None:
        raise InvalidInputError("The page sent something that cannot be read. Nothing was recorded; reload the page.")
    approved = number_typed(amount, "the amount") if amount.strip() else None
    with unit_of_work() as session:
        answer = PayorAnswer(kind, approved, reason)
        record_payor_answer(session, actor(), invoice_id=invoice_id, expected_version=version, answer=answer)
    return True
