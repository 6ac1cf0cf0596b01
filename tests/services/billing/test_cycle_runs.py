"""Billing runs and the cycle: turns, holds until a day, what wakes up, the final bill; and that nothing is lost."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from models import (
    AuditEvent,
    BillingPeriod,
    Invoice,
    Matter,
    Proforma,
    ProformaEdit,
    ProformaLine,
    TimeEntry,
    Timekeeper,
)
from models.enums import BillingFrequency, EntryKind, EntryStatus, LineTreatment, MatterStatus, ProformaStatus, Role
from services import lifecycle
from services.billing import billing_runs, matter_holds
from services.billing.billing_preview import RunPreview
from services.billing.billing_selection import Reason
from services.billing.ready_work import approved_proformas
from services.invoicing.invoices import finalize_proformas
from services.review import proforma_edits, proformas
from services.review.late_work import list_late_work
from services.review.undoing import undo_edit
from tests.builders import (
    actor,
    id_of,
    make_billable_matter,
    make_biller,
    make_matter,
    make_rate,
    make_time_entry,
    make_timekeeper,
)
from tests.builders.clock import TurnedClock

F = BillingFrequency


def month(number: int) -> dict[str, date]:
    return {
        "period_start": date(2026, number, 1),
        "period_end": date(2026, number, monthrange(2026, number)[1]),
    }


def preview(session: Session, number: int = 10, early: tuple[int, ...] = ()) -> RunPreview:
    return billing_runs.preview_run(session, make_biller(session), **month(number), early=early)


def bill(session: Session, number: int = 10, early: dict[int, str] | None = None) -> list[Proforma]:
    run = billing_runs.run_billing(session, make_biller(session), **month(number), early=early)
    return list(session.exec(select(Proforma).where(Proforma.billing_run_id == run.id)))


def approve(session: Session, proforma: Proforma) -> None:
    lifecycle.apply(session, make_biller(session), proforma, "send_to_review")
    lifecycle.apply(session, actor(Role.ATTORNEY, user_id=proforma.reviewer_id), proforma, "approve")


def finalize(session: Session, proforma: Proforma) -> Invoice:
    approve(session, proforma)
    (invoice,) = finalize_proformas(session, make_biller(session), proforma_ids=[id_of(proforma)])
    session.expire_all()
    return invoice


def hold_first_line(session: Session, proforma: Proforma, until: date | None) -> int:
    """Hold the first line as its reviewer, and return its entry's id."""
    lifecycle.apply(session, make_biller(session), proforma, "send_to_review")
    line = session.exec(select(ProformaLine).where(ProformaLine.proforma_id == proforma.id)).first()
    assert line is not None
    reviewer = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
    proforma_edits.hold_line(
        session,
        reviewer,
        line_id=id_of(line),
        expected_version=proforma.version,
        note="The expert's fee is in dispute",
        until=until,
    )
    lifecycle.apply(session, reviewer, proforma, "approve")
    finalize_proformas(session, make_biller(session), proforma_ids=[id_of(proforma)])
    session.expire_all()
    return line.time_entry_id or 0


def quarterly(session: Session) -> Matter:
    """Make a matter billed quarterly with an entry of each of October, November and December."""
    matter = make_matter(session)
    timekeeper = make_timekeeper(session)
    make_rate(session, Decimal("100.00"), timekeeper=timekeeper)
    for number in (10, 11, 12):
        make_time_entry(session, matter=matter, timekeeper=timekeeper, hours="1.0", worked_on=date(2026, number, 9))
    matter.billing_frequency = F.QUARTERLY
    session.flush()
    return matter


def test_preview_names_a_matter_that_is_not_due(session: Session, clock: TurnedClock) -> None:
    matter = quarterly(session)
    told = preview(session)
    assert not told.proformas
    (obstacle,) = told.obstacles
    assert (obstacle.reason, obstacle.detail, obstacle.matter_id, obstacle.owner, obstacle.amount) == (
        Reason.NOT_DUE,
        "Billed quarterly: next for December 2026.",
        matter.id,
        "Billing",
        Decimal("100.00"),
    )
    with pytest.raises(InvalidInputError, match="Nothing in this period is ready"):
        bill(session)


def test_its_turn_bills_the_whole_quarter(session: Session, clock: TurnedClock) -> None:
    quarterly(session)
    (proforma,) = bill(session, 12)
    assert (proforma.line_count, proforma.billed_amount) == (3, Decimal("300.00"))
    assert (proforma.period_start, proforma.period_end) == (date(2026, 10, 1), date(2026, 12, 31))


def test_bill_early_with_its_reason_in_the_audit_trail(session: Session, clock: TurnedClock) -> None:
    matter = quarterly(session)
    told = preview(session, 11, (id_of(matter),))
    assert [(one.matter_id, one.line_count, one.is_early) for one in told.proformas] == [(matter.id, 2, True)]
    bill(session, 11, {id_of(matter): "The carrier closes its books in November"})
    (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == "matter:billed_early")).all()
    assert (event.subject_id, event.note) == (matter.id, "The carrier closes its books in November")
    (rest,) = bill(session, 12)
    assert rest.line_count == 1


def test_bill_early_needs_a_reason(session: Session, clock: TurnedClock) -> None:
    matter = quarterly(session)
    with pytest.raises(InvalidInputError, match="Say why"):
        bill(session, 10, {id_of(matter): "  "})
    assert not session.exec(select(Proforma)).all()


def test_a_reason_for_a_matter_that_is_due_is_no_exception(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    bill(session, 10, {id_of(matter): "Asked for"})
    assert not session.exec(select(AuditEvent).where(AuditEvent.tag == "matter:billed_early")).all()


def test_on_demand_is_billed_when_it_is_ticked_alone(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    matter.billing_frequency = F.ON_DEMAND
    session.flush()
    assert [one.reason for one in preview(session).obstacles] == [Reason.NOT_DUE]
    (proforma,) = bill(session, 10, {id_of(matter): "The client asked"})
    assert proforma.line_count == 3


@pytest.mark.parametrize(
    ("closed_on", "is_billed"),
    [(None, False), (date(2026, 10, 31), True), (date(2026, 11, 1), False)],
)
def test_the_final_bill_of_a_matter_billed_at_close(
    session: Session, clock: TurnedClock, closed_on: date | None, is_billed: bool
) -> None:
    matter = make_billable_matter(session)
    matter.billing_frequency, matter.closed_on = F.AT_CLOSE, closed_on
    session.flush()
    if closed_on:
        session.connection().execute(Matter.__table__.update().values(status=MatterStatus.CLOSED))
        session.expire_all()
    told = preview(session)
    assert bool(told.proformas) is is_billed
    if is_billed:
        assert finalize(session, bill(session)[0]).document_status == "open"
    else:
        assert Reason.NOT_DUE in {one.reason for one in told.obstacles}


def test_a_held_matter_is_named_with_day_and_reason(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    biller = make_biller(session)
    matter_holds.hold_matter(
        session,
        biller,
        matter_id=id_of(matter),
        expected_version=1,
        until=date(2026, 12, 1),
        reason="Coverage is in dispute.",
    )
    (obstacle,) = preview(session).obstacles
    assert (obstacle.reason, obstacle.detail) == (
        Reason.MATTER_HELD,
        "Held until 1 Dec 2026: Coverage is in dispute.",
    )
    assert obstacle.line_count == 3


def test_after_a_hold_what_it_kept_back_is_billed_with_the_next_run(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    held = {"matter_id": id_of(matter), "until": date(2026, 12, 1), "reason": "Coverage"}
    matter_holds.hold_matter(session, make_biller(session), expected_version=1, **held)
    clock.turn_to(date(2026, 12, 1))
    (proforma,) = bill(session, 11)
    assert proforma.line_count == 3
    assert proforma.period_start == date(2026, 10, 1)


def test_an_approved_proforma_of_a_held_matter_makes_no_invoice(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session)
    (proforma,) = bill(session)
    approve(session, proforma)
    biller = make_biller(session)
    assert approved_proformas(session, biller).ids == (proforma.id,)
    held = {"matter_id": id_of(matter), "until": date(2026, 12, 1), "reason": "Coverage"}
    matter_holds.hold_matter(session, biller, expected_version=1, **held)
    assert approved_proformas(session, biller).ids == ()
    with pytest.raises(WrongStateError, match=f"Held, so not billed: {matter.number}"):
        finalize_proformas(session, biller, proforma_ids=[id_of(proforma)])
    matter_holds.end_matter_hold(session, biller, matter_id=id_of(matter), expected_version=2)
    assert finalize_proformas(session, biller, proforma_ids=[id_of(proforma)])


def test_a_held_line_waits_until_its_day(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session, fees=2, expenses=0)
    entry_id = hold_first_line(session, bill(session)[0], date(2026, 12, 1))
    entry = session.get_one(TimeEntry, entry_id)
    assert (entry.status, entry.held_until, entry.hold_reason) == (
        EntryStatus.RELEASED,
        date(2026, 12, 1),
        "The expert's fee is in dispute",
    )
    (obstacle,) = preview(session, 11).obstacles
    assert (obstacle.reason, obstacle.detail) == (
        Reason.HELD_UNTIL,
        "Held until 1 Dec 2026: The expert's fee is in dispute.",
    )
    clock.turn_to(date(2026, 12, 1))
    (proforma,) = bill(session, 11)
    assert (proforma.line_count, proforma.period_start) == (1, entry.worked_on)
    finalize(session, proforma)
    assert session.get_one(TimeEntry, entry_id).status is EntryStatus.BILLED


def test_a_line_held_without_a_day_is_billed_by_the_next_run(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session, fees=2, expenses=0)
    entry_id = hold_first_line(session, bill(session)[0], None)
    assert session.get_one(TimeEntry, entry_id).held_until == date(2026, 11, 4)
    assert bill(session, 11)[0].line_count == 1


def test_a_held_entry_is_no_late_work_before_its_day(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session, fees=2, expenses=0)
    hold_first_line(session, bill(session)[0], date(2026, 12, 1))
    line = session.exec(select(TimeEntry).where(TimeEntry.status == EntryStatus.RELEASED)).one()
    make_time_entry(
        session,
        matter=matter,
        timekeeper=session.get_one(Timekeeper, line.timekeeper_id),
        worked_on=date(2026, 11, 2),
    )
    (proforma,) = bill(session, 11)
    reviewer = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
    assert list_late_work(session, reviewer, proforma_id=id_of(proforma)) == []
    clock.turn_to(date(2026, 12, 1))
    assert [one.id for one in list_late_work(session, reviewer, proforma_id=id_of(proforma))] == [line.id]


def test_end_a_line_hold_before_its_day(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session, fees=2, expenses=0)
    entry_id = hold_first_line(session, bill(session)[0], date(2027, 3, 1))
    matter_holds.end_entry_hold(session, make_biller(session), kind=EntryKind.FEE, entry_id=entry_id)
    assert bill(session, 11)[0].line_count == 1
    with pytest.raises(WrongStateError, match="not held any more"):
        matter_holds.end_entry_hold(session, make_biller(session), kind=EntryKind.FEE, entry_id=entry_id)


@pytest.mark.parametrize("until", [date(2026, 11, 4), date(2026, 11, 3), date(2040, 1, 1)])
def test_hold_refuses_a_day_that_is_not_to_come(session: Session, clock: TurnedClock, until: date) -> None:
    matter = make_billable_matter(session)
    (proforma,) = bill(session)
    given = {"matter_id": id_of(matter), "expected_version": 1, "until": until, "reason": "Coverage"}
    with pytest.raises(InvalidInputError, match="no day to wait for"):
        matter_holds.hold_matter(session, make_biller(session), **given)
    with pytest.raises(InvalidInputError, match="no day to wait for"):
        proformas.hold_proforma(
            session, make_biller(session), proforma_id=id_of(proforma), expected_version=1, until=until
        )
    assert proforma.status is ProformaStatus.DRAFT


def test_hold_of_a_matter_needs_a_reason_a_role_and_the_version_seen(session: Session, clock: TurnedClock) -> None:
    matter = make_matter(session)
    given = {"matter_id": id_of(matter), "until": date(2026, 12, 1)}
    biller = make_biller(session)
    with pytest.raises(InvalidInputError, match="Say why"):
        matter_holds.hold_matter(session, biller, expected_version=1, reason=" ", **given)
    with pytest.raises(StaleVersionError):
        matter_holds.hold_matter(session, biller, expected_version=7, reason="Coverage", **given)
    attorney = actor(Role.ATTORNEY, user_id=matter.responsible_attorney_id)
    with pytest.raises(DeniedError):
        matter_holds.hold_matter(session, attorney, expected_version=1, reason="Coverage", **given)
    with pytest.raises(WrongStateError, match="is not held"):
        matter_holds.end_matter_hold(session, biller, matter_id=id_of(matter), expected_version=1)
    assert (matter.billing_hold_until, matter.version) == (None, 1)


def test_hold_again_moves_the_day_and_keeps_since_when(session: Session, clock: TurnedClock) -> None:
    matter, biller = make_matter(session), make_biller(session)
    given = {"matter_id": id_of(matter), "reason": "Coverage"}
    matter_holds.hold_matter(session, biller, expected_version=1, until=date(2026, 12, 1), **given)
    clock.turn_to(date(2026, 11, 20))
    matter_holds.hold_matter(session, biller, expected_version=2, until=date(2027, 1, 15), **given)
    assert (matter.billing_held_from, matter.billing_hold_until) == (date(2026, 11, 4), date(2027, 1, 15))


def test_set_frequency_is_kept_in_the_audit_trail(session: Session, clock: TurnedClock) -> None:
    matter, biller = make_matter(session), make_biller(session)
    matter_holds.set_frequency(session, biller, matter_id=id_of(matter), expected_version=1, frequency=F.SEMIANNUAL)
    (event,) = session.exec(select(AuditEvent).where(AuditEvent.tag == "matter:frequency_set")).all()
    assert event.data == {"was": "monthly", "now": "semiannual"}
    assert (matter.billing_frequency, matter.version) == (F.SEMIANNUAL, 2)


def test_review_is_due_as_the_calendar_says(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session)
    days = {"cut_off_on": date(2026, 11, 3), "run_on": date(2026, 11, 4), "send_by_on": date(2026, 11, 20)}
    session.add(
        BillingPeriod(starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 31), review_due_on=date(2026, 11, 13), **days)
    )
    session.flush()
    assert bill(session)[0].due_on == date(2026, 11, 13)


def test_review_is_due_in_five_days_where_the_calendar_says_nothing(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session)
    assert bill(session)[0].due_on == date(2026, 11, 4) + timedelta(days=5)


def test_work_by_age_counts_everything_not_invoiced(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session, fees=1, expenses=0)
    make_time_entry(session, matter=matter, timekeeper=make_timekeeper(session), worked_on=date(2026, 7, 1))
    bill(session)
    ages = {age.label: (age.count, age.amount, age.unrated) for age in preview(session).ageing}
    assert ages == {
        "0-30 days": (0, Decimal(0), 0),
        "31-60 days": (1, Decimal("427.50"), 0),
        "61-90 days": (0, Decimal(0), 0),
        "over 90 days": (1, Decimal(0), 1),
    }


def test_undo_of_a_line_hold_takes_the_day_back_too(session: Session, clock: TurnedClock) -> None:
    make_billable_matter(session, fees=1, expenses=1)
    (proforma,) = bill(session)
    lifecycle.apply(session, make_biller(session), proforma, "send_to_review")
    reviewer = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
    line = session.exec(select(ProformaLine).order_by(ProformaLine.id)).first()
    assert line is not None
    proforma_edits.hold_line(
        session, reviewer, line_id=id_of(line), expected_version=2, until=date(2026, 12, 1), note="Wait"
    )
    assert (line.treatment, line.held_until) == (LineTreatment.HOLD, date(2026, 12, 1))
    first = session.exec(select(ProformaEdit)).one()
    undo_edit(session, reviewer, edit_id=id_of(first), expected_version=proforma.version)
    assert (line.treatment, line.held_until) == (LineTreatment.BILL, None)
    last = session.exec(select(ProformaEdit).order_by(ProformaEdit.id.desc())).first()
    assert last is not None
    undo_edit(session, reviewer, edit_id=id_of(last), expected_version=proforma.version)
    assert (line.treatment, line.held_until) == (LineTreatment.HOLD, date(2026, 12, 1))
    proforma_edits.restore_line(session, reviewer, line_id=id_of(line), expected_version=proforma.version)
    assert line.held_until is None
