"""Edits of a proforma's lines: who, when, how far, and that three values stay apart."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, Matter, Proforma, ProformaLine, TimeEntry, User
from models.enums import LineTreatment, ProformaStatus, Role
from services.actor import Actor
from services.review import proforma_edits, proformas
from tests.builders import (
    RATE,
    actor,
    id_of,
    make_carrier,
    make_expense,
    make_matter,
    make_proforma,
    make_rate,
    make_timekeeper,
    make_user,
    profile_document,
)

Edit = Callable[..., Proforma]


@dataclass
class Desk:
    """A proforma on its attorney's desk."""

    session: Session
    proforma: Proforma
    line: ProformaLine
    attorney: Actor

    def do(self, verb: Edit, *, who: Actor | None = None, **given: Any) -> Proforma:
        given = {"line_id": id_of(self.line), "expected_version": self.proforma.version, **given}
        return verb(self.session, who or self.attorney, **given)


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def own_work(desk: Desk) -> Desk:
    """Let the reviewing attorney be the lines' own timekeeper."""
    desk.session.get_one(User, desk.proforma.reviewer_id).timekeeper_id = desk.line.timekeeper_id
    desk.session.flush()
    return desk


def make_desk(session: Session, *, status: ProformaStatus = ProformaStatus.IN_REVIEW, **profile: Any) -> Desk:
    carrier = make_carrier(session, profile=profile_document(**profile))
    matter = make_matter(session, carrier=carrier)
    timekeeper = make_timekeeper(session)
    make_rate(session, RATE, timekeeper=timekeeper)
    proforma = make_proforma(session, matter=matter, timekeeper=timekeeper, status=status)
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()
    assert line is not None
    return Desk(session, proforma, line, actor(Role.ATTORNEY, user_id=proforma.reviewer_id))


def test_edit_line_keeps_what_was_worked_and_entered(desk: Desk) -> None:
    own_work(desk)
    desk.do(proforma_edits.edit_line, narrative="Drafted reply brief on coverage", billed_units=Decimal("1.0"))
    entry = desk.session.get_one(TimeEntry, desk.line.time_entry_id)
    assert desk.line.billed_narrative == "Drafted reply brief on coverage"
    assert (desk.line.billed_units, desk.line.entered_units) == (Decimal("1.0"), Decimal("1.5"))
    assert entry.entered_narrative == entry.worked_narrative != desk.line.billed_narrative
    assert (entry.entered_hours, entry.worked_hours) == (Decimal("1.5"), Decimal("1.5"))
    detail = proformas.get_proforma(desk.session, desk.attorney, proforma_id=id_of(desk.proforma))
    assert detail.lines[0].is_narrative_changed
    assert detail.lines[0].entered_narrative == entry.entered_narrative


def test_edit_line_makes_the_sums_right(desk: Desk) -> None:
    desk.do(proforma_edits.edit_line, billed_units=Decimal("1.1"), unit_cost=Decimal("255.25"))
    assert desk.line.billed_amount == Decimal("280.78")
    assert desk.proforma.billed_amount == Decimal("280.78") + Decimal("427.50")
    assert desk.proforma.worked_amount == Decimal("855.00")
    assert desk.proforma.version == 2


def test_edit_line_audits_values_but_no_narrative(desk: Desk) -> None:
    secret = "Insured admitted late notice"
    own_work(desk)
    desk.do(proforma_edits.edit_line, narrative=secret, task_code="l250", billed_units=Decimal(1))
    event = desk.session.exec(select(AuditEvent).where(AuditEvent.tag == "proforma:line_edited")).one()
    assert event.data["changed"]["billed_units"] == ["1.50", "1.00"]
    assert event.data["changed"]["task_code"] == ["L240", "L250"]
    assert event.data["changed"]["by_its_timekeeper"] is True
    assert event.data["narrative_changed"] is True
    assert secret not in str(event.data)
    assert "summary judgment" not in str(event.data)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"billed_units": Decimal("1.6")}, "Hours may go down, never up"),
        ({"billed_units": Decimal(0)}, "write it off instead"),
        ({"billed_units": Decimal(-1)}, "write it off instead"),
        ({"unit_cost": Decimal(300)}, "The rate may go down, never up"),
        ({"unit_cost": Decimal(0)}, "The rate may go down, never up"),
        ({"narrative": "  "}, "needs a narrative"),
        ({"task_code": ""}, "no task code of the UTBMS lists"),
        ({"task_code": "L999"}, "L999 is no task code"),
        ({"activity_code": "E101"}, "E101 is no activity code"),
        ({"expense_code": "E101"}, "does not belong on a fee"),
        ({"billed_units": Decimal("1.00001")}, "at most 4 decimals"),
        ({"billed_units": Decimal("NaN")}, "is not a number"),
    ],
)
def test_edit_line_refuses_bad_input(desk: Desk, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        desk.do(proforma_edits.edit_line, **given)
    assert desk.line.billed_units == Decimal("1.5")
    assert desk.proforma.version == 1


@pytest.mark.parametrize("status", ProformaStatus)
def test_edit_line_is_open_in_three_states_only(session: Session, status: ProformaStatus) -> None:
    desk = make_desk(session, status=status)
    if status in {ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED}:
        assert desk.do(proforma_edits.edit_line, billed_units=Decimal(1)).version == 2
    else:
        with pytest.raises(WrongStateError, match="its lines cannot be changed"):
            desk.do(proforma_edits.edit_line, billed_units=Decimal(1))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_reviewer", [True, False])
@pytest.mark.parametrize("only_codes", [True, False])
def test_edit_line_is_for_the_attorney_and_codes_for_billing(
    desk: Desk, role: Role, is_reviewer: bool, only_codes: bool
) -> None:
    who = actor(role, user_id=desk.proforma.reviewer_id if is_reviewer else id_of(make_user(desk.session)))
    given = {"task_code": "L250"} if only_codes else {"billed_units": Decimal(1)}
    if (role is Role.ATTORNEY and is_reviewer) or (role is Role.BILLER and only_codes):
        assert desk.do(proforma_edits.edit_line, who=who, **given).version == 2
    else:
        with pytest.raises((DeniedError, NotFoundError)):
            desk.do(proforma_edits.edit_line, who=who, **given)
        assert desk.proforma.version == 1


@pytest.mark.parametrize(
    ("verb", "given"),
    [
        (proforma_edits.edit_line, {"billed_units": Decimal(1)}),
        (proforma_edits.write_down, {"units": Decimal("0.5"), "note": "Courtesy"}),
        (proforma_edits.write_off, {"note": "Courtesy"}),
        (proforma_edits.hold_line, {}),
        (proforma_edits.restore_line, {}),
    ],
)
def test_every_edit_refuses_a_stale_version(desk: Desk, verb: Edit, given: dict[str, Any]) -> None:
    with pytest.raises(StaleVersionError, match="Somebody changed this"):
        desk.do(verb, expected_version=99, **given)
    with pytest.raises(NotFoundError):
        desk.do(verb, line_id=4711, **given)


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ({"units": Decimal("0.5")}, "285.00"),
        ({"amount": Decimal("27.51")}, "399.99"),
        ({"amount": Decimal(1)}, "426.50"),
    ],
)
def test_write_down_takes_units_or_an_amount(desk: Desk, given: dict[str, Decimal], amount: str) -> None:
    desk.do(proforma_edits.write_down, note="Courtesy", **given)
    assert desk.line.billed_amount == Decimal(amount)
    assert desk.line.note == "Courtesy"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"units": Decimal(1), "amount": Decimal(1)},
        {"units": Decimal(0)},
        {"amount": Decimal(-5)},
        {"amount": Decimal("27.505")},
        {"amount": Decimal("427.50")},
        {"units": Decimal("1.5")},
    ],
)
def test_write_down_refuses_bad_amounts(desk: Desk, given: dict[str, Decimal]) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        desk.do(proforma_edits.write_down, note="Courtesy", **given)
    assert desk.line.billed_amount == Decimal("427.50")


@pytest.mark.parametrize("verb", [proforma_edits.write_off, proforma_edits.write_down])
def test_taking_money_off_wants_a_reason(desk: Desk, verb: Edit) -> None:
    given = {"units": Decimal(1)} if verb is proforma_edits.write_down else {}
    with pytest.raises(InvalidInputError, match="needs a reason"):
        desk.do(verb, note=" ", **given)


@pytest.mark.parametrize(
    ("verb", "treatment"),
    [(proforma_edits.write_off, LineTreatment.WRITE_OFF), (proforma_edits.hold_line, LineTreatment.HOLD)],
)
def test_a_line_taken_off_can_be_restored(desk: Desk, verb: Edit, treatment: LineTreatment) -> None:
    desk.do(proforma_edits.write_down, units=Decimal("0.5"), note="Too long")
    desk.do(verb, note="Not this month")
    assert desk.line.treatment is treatment
    assert desk.proforma.billed_amount == Decimal("427.50")
    desk.do(proforma_edits.restore_line)
    assert desk.line.treatment is LineTreatment.BILL
    assert desk.proforma.billed_amount == Decimal("855.00")
    assert desk.proforma.version == 4


def test_restore_line_keeps_an_expenses_own_cost(session: Session) -> None:
    desk = make_desk(session)
    expense = make_expense(session, matter=session.get_one(Matter, desk.proforma.matter_id), unit_cost="10.25")
    line = desk.line
    line.kind, line.expense_id, line.time_entry_id, line.timekeeper_id = "E", id_of(expense), None, None  # type: ignore[assignment]
    line.task_code = line.activity_code = ""
    line.expense_code, line.unit_cost, line.entered_units = "E115", Decimal(5), Decimal(2)
    session.flush()
    session.refresh(line)
    desk.do(proforma_edits.restore_line)
    assert line.billed_amount == Decimal("20.50")
