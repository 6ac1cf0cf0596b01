"""A proforma under edit in tests: two fees, two expenses, its attorney, its timekeeper and billing."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models import Matter, Proforma, ProformaEdit, ProformaLine, TimeEntry, Timekeeper
from models.enums import ProformaStatus, Role
from services.actor import Actor, actor_of
from services.review.undoing import undo_edit
from tests.builders import (
    RATE,
    actor,
    id_of,
    make_carrier,
    make_matter,
    make_proforma,
    make_rate,
    make_timekeeper,
    make_user,
    profile_document,
)
from tests.builders.proformas import make_expense_line

FEES = Decimal("855.00")
EXPENSES = Decimal("142.50")
WHOLE = FEES + EXPENSES


@dataclass
class EditDesk:
    """Lines 1 and 2 are fees of 1.5 h at 285, lines 3 and 4 expenses of 42.50 and 100.00."""

    session: Session
    proforma: Proforma
    matter: Matter
    attorney: Actor
    timekeeper: Actor
    biller: Actor

    def line(self, number: int) -> ProformaLine:
        """Return a line by its number, as it is stored."""
        self.session.flush()
        self.session.expire_all()
        statement = select(ProformaLine).where(
            ProformaLine.proforma_id == self.proforma.id, ProformaLine.line_number == number
        )
        return self.session.exec(statement).one()

    def ids(self, *numbers: int) -> list[int]:
        """Return the ids of lines."""
        return [id_of(self.line(number)) for number in numbers]

    def entry(self, number: int = 1) -> TimeEntry:
        """Return the time entry behind a line."""
        return self.session.get_one(TimeEntry, self.line(number).time_entry_id)

    def on_line(self, verb: Callable[..., Any], number: int = 1, *, who: Actor | None = None, **given: Any) -> Any:
        """Carry a verb of one line out in the version that is stored."""
        line_id = id_of(self.line(number))
        given = {"line_id": line_id, "expected_version": self.proforma.version, **given}
        return verb(self.session, who or self.attorney, **given)

    def on_bill(self, verb: Callable[..., Any], *, who: Actor | None = None, **given: Any) -> Any:
        """Carry a verb of the proforma out in the version that is stored."""
        given = {"proforma_id": id_of(self.proforma), "expected_version": self.proforma.version, **given}
        return verb(self.session, who or self.attorney, **given)

    def steps(self) -> list[ProformaEdit]:
        """Return the steps so far, in order."""
        statement = select(ProformaEdit).where(ProformaEdit.proforma_id == self.proforma.id)
        return list(self.session.exec(statement.order_by(col(ProformaEdit.id))))

    def undo(self, step: ProformaEdit | None = None, *, who: Actor | None = None) -> Proforma:
        """Take a step back, the last one unless another is named."""
        chosen = step or self.steps()[-1]
        return undo_edit(
            self.session, who or self.attorney, edit_id=id_of(chosen), expected_version=self.proforma.version
        )

    def picture(self) -> list[tuple[Any, ...]]:
        """Return everything that the bill says, for comparison."""
        self.session.flush()
        self.session.expire_all()
        statement = select(ProformaLine).where(ProformaLine.proforma_id == self.proforma.id)
        return [
            (
                line.line_number,
                line.kind,
                line.treatment,
                line.entered_units,
                line.billed_units,
                line.unit_cost,
                line.write_down_amount,
                line.discount_percent,
                line.discount_amount,
                line.adjustment_amount,
                line.billed_amount,
                line.worked_on,
                line.billed_narrative,
                (line.task_code, line.activity_code, line.expense_code),
                (line.combined_into_id, line.transfer_matter_id, line.split_from_id),
            )
            for line in self.session.exec(statement.order_by(col(ProformaLine.line_number)))
        ]


def make_edit_desk(session: Session, *, status: ProformaStatus = ProformaStatus.IN_REVIEW, **profile: Any) -> EditDesk:
    """Make it, with a rate card and a carrier of that profile."""
    carrier = make_carrier(session, profile=profile_document(**profile))
    matter = make_matter(session, carrier=carrier)
    who: Timekeeper = make_timekeeper(session)
    make_rate(session, RATE, timekeeper=who)
    proforma = make_proforma(session, matter=matter, timekeeper=who, status=status)
    make_expense_line(session, proforma, line_number=3)
    make_expense_line(session, proforma, line_number=4, unit_cost="100.00")
    person = make_user(session, Role.ATTORNEY, timekeeper=who)
    biller = actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))
    attorney = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
    session.flush()
    return EditDesk(session, proforma, matter, attorney, actor_of(person), biller)
