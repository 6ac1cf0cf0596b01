"""The calendar of the cycle: made by rule, moved by hand, followed by closing days; what is late, reminders."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models import AuditEvent, BillingPeriod, Notice
from models.enums import EntryStatus, NoticeKind, ProformaStatus, Role
from services.billing import billing_calendar
from services.billing.billing_calendar import make_calendar, move_dates
from services.billing.cut_off_reminders import remind_of_cut_off
from services.billing.cycle_state import list_cycles
from services.notice_words import path_of, words_of
from services.notices import list_notices
from tests.builders import (
    actor,
    id_of,
    make_biller,
    make_expense,
    make_invoice,
    make_matter,
    make_proforma,
    make_time_entry,
    make_timekeeper,
    make_user,
)
from tests.builders.clock import TurnedClock

OCTOBER = date(2026, 10, 1)


def period(session: Session, starts_on: date = OCTOBER) -> BillingPeriod:
    return session.exec(select(BillingPeriod).where(BillingPeriod.starts_on == starts_on)).one()


def dates(found: BillingPeriod) -> tuple[date, date, date, date]:
    return found.cut_off_on, found.run_on, found.review_due_on, found.send_by_on


def admin(session: Session):
    return actor(Role.ADMIN, user_id=id_of(make_user(session, Role.ADMIN)))


def test_make_a_year_ahead_in_business_days(session: Session, clock: TurnedClock) -> None:
    assert make_calendar(session) == 14
    starts = sorted(found.starts_on for found in session.exec(select(BillingPeriod)))
    assert (starts[0], starts[-1]) == (OCTOBER, date(2027, 11, 1))
    october = period(session)
    # Two, three, eight and ten business days after 31 October; 11 November is Veterans Day.
    assert dates(october) == (date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 12), date(2026, 11, 16))
    assert october.ends_on == date(2026, 10, 31)
    assert make_calendar(session) == 0


def test_the_calendar_grows_with_the_months(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    clock.turn_to(date(2026, 12, 2))
    assert make_calendar(session) == 1


def test_every_period_of_a_year_is_in_order_and_on_business_days(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    days = billing_calendar.business_days(session)
    for found in session.exec(select(BillingPeriod)):
        assert found.ends_on < found.cut_off_on < found.run_on < found.review_due_on < found.send_by_on
        assert all(days.is_open(day) for day in dates(found))


def test_move_a_date_with_an_audit_event(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    found = period(session, date(2026, 11, 1))
    biller = make_biller(session)
    wanted = {"cut_off_on": date(2026, 12, 3), "run_on": found.run_on}
    move_dates(session, biller, period_id=id_of(found), expected_version=1, dates=wanted, note="Board meeting")
    assert (found.cut_off_on, found.moved, found.version, found.note) == (
        date(2026, 12, 3),
        ["cut_off_on"],
        2,
        "Board meeting",
    )
    event = session.exec(select(AuditEvent).where(AuditEvent.tag == "billing_period:moved")).one()
    assert (event.data, event.note) == ({"cut_off_on": ["2026-12-02", "2026-12-03"]}, "Board meeting")


def test_move_refuses_dates_out_of_order_an_old_version_and_others(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    found = period(session)
    before = dates(found)
    given = {"period_id": id_of(found)}
    late = {"cut_off_on": date(2026, 11, 30)}
    with pytest.raises(InvalidInputError, match="must follow each other"):
        move_dates(session, make_biller(session), expected_version=1, dates=late, **given)
    with pytest.raises(InvalidInputError, match="must follow each other"):
        move_dates(session, make_biller(session), expected_version=1, dates={"cut_off_on": date(2026, 10, 31)}, **given)
    with pytest.raises(StaleVersionError):
        move_dates(session, make_biller(session), expected_version=5, dates={}, **given)
    with pytest.raises(DeniedError):
        move_dates(session, actor(Role.ATTORNEY, user_id=1), expected_version=1, dates={}, **given)
    assert dates(found) == before


def test_a_closing_day_moves_what_nobody_moved(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    november, december = period(session, date(2026, 11, 1)), period(session, date(2026, 12, 1))
    fixed = {"run_on": date(2026, 12, 3)}
    move_dates(session, make_biller(session), period_id=id_of(november), expected_version=1, dates=fixed)
    november.moved = ["run_on"]
    session.flush()
    assert billing_calendar.add_closing_day(session, admin(session), day=date(2026, 12, 7), name="Retreat") == 1
    assert dates(november) == (date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 11), date(2026, 12, 15))
    assert december.version == 1
    (closing,) = billing_calendar.list_closing_days(session, admin(session))
    assert billing_calendar.remove_closing_day(session, admin(session), closing_day_id=closing.id) == 1
    assert november.send_by_on == date(2026, 12, 14)


def test_closing_days_never_move_what_has_passed(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    clock.turn_to(date(2026, 12, 9))
    november = period(session, date(2026, 11, 1))
    billing_calendar.add_closing_day(session, admin(session), day=date(2026, 12, 10), name="Snow")
    assert dates(november) == (date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 11), date(2026, 12, 15))


@pytest.mark.parametrize("day", [date(2026, 12, 25), date(2026, 12, 6), date(2026, 12, 7)])
def test_a_closing_day_is_a_business_day_before(session: Session, clock: TurnedClock, day: date) -> None:
    who = admin(session)
    billing_calendar.add_closing_day(session, who, day=date(2026, 12, 7), name="Retreat")
    with pytest.raises(InvalidInputError, match="is no business day"):
        billing_calendar.add_closing_day(session, who, day=day, name="Again")
    with pytest.raises(InvalidInputError, match="what the closing day is for"):
        billing_calendar.add_closing_day(session, who, day=date(2026, 12, 8), name=" ")
    with pytest.raises(DeniedError):
        billing_calendar.add_closing_day(session, make_biller(session), day=date(2026, 12, 8), name="Retreat")
    assert len(billing_calendar.list_closing_days(session, who)) == 1


def test_cycles_say_who_has_what(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    timekeeper = make_timekeeper(session)
    matter = make_matter(session)
    for status in (EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.RELEASED):
        make_time_entry(session, matter=matter, timekeeper=timekeeper, status=status)
    make_expense(session, matter=matter, timekeeper=timekeeper, status=EntryStatus.DRAFT)
    make_time_entry(session, matter=matter, status=EntryStatus.DRAFT, worked_on=date(2026, 11, 2))
    proforma = make_proforma(session, status=ProformaStatus.IN_REVIEW, matter=matter, timekeeper=timekeeper)
    invoice = make_invoice(session)
    october, november, *_ = list_cycles(session, make_biller(session))
    assert [(one.who, one.count) for one in october.unreleased] == [(timekeeper.ledes_name, 3)]
    assert [(one.count, one.amount) for one in october.unreviewed] == [(1, proforma.billed_amount)]
    assert (october.unsent.count, october.unsent.amount) == (1, invoice.total_amount)
    assert november.unreleased == ()
    assert november.unsent.amount == Decimal(0)


def test_a_cycle_that_is_done_is_not_shown(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    clock.turn_to(date(2026, 11, 17))
    assert next(row.starts_on for row in list_cycles(session, make_biller(session))) == date(2026, 11, 1)
    make_invoice(session)
    late = list_cycles(session, make_biller(session))[0]
    assert (late.starts_on, late.unsent.count) == (OCTOBER, 1)
    with pytest.raises(DeniedError):
        list_cycles(session, actor(Role.ATTORNEY, user_id=1))


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2026, 11, 1), 0), (date(2026, 11, 2), 2), (date(2026, 11, 3), 2), (date(2026, 11, 4), 0)],
)
def test_remind_the_day_before_the_cut_off_and_on_it(
    session: Session, clock: TurnedClock, day: date, count: int
) -> None:
    make_calendar(session)
    timekeeper = make_timekeeper(session)
    person = make_user(session, Role.ATTORNEY)
    person.timekeeper_id = timekeeper.id
    biller = make_user(session, Role.BILLER)
    make_time_entry(session, timekeeper=timekeeper, status=EntryStatus.DRAFT)
    clock.turn_to(day)
    assert remind_of_cut_off(session) == count
    assert remind_of_cut_off(session) == 0
    rows = session.exec(select(Notice).where(Notice.kind == NoticeKind.CUT_OFF_NEAR)).all()
    assert {row.user_id for row in rows} == ({person.id, biller.id} if count else set())
    assert all(row.subject_id == period(session).id for row in rows)


def test_who_bills_and_has_drafts_is_told_once(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    timekeeper = make_timekeeper(session)
    both = make_user(session, Role.ATTORNEY, Role.BILLER)
    both.timekeeper_id = timekeeper.id
    make_time_entry(session, timekeeper=timekeeper, status=EntryStatus.DRAFT)
    for day in (date(2026, 11, 2), date(2026, 11, 3)):
        clock.turn_to(day)
        assert (remind_of_cut_off(session), remind_of_cut_off(session)) == (1, 0)
    rows = list_notices(session, actor(Role.BILLER, user_id=id_of(both)))
    assert [words_of(row)[0] for row in rows] == ["Cut-off 3 Nov 2026: time is still missing, yours too"] * 2
    assert {path_of(row) for row in rows} == {"/billing/calendar"}


def test_remind_nobody_who_has_released(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    make_user(session, Role.BILLER)
    make_time_entry(session, status=EntryStatus.RELEASED)
    make_time_entry(session, status=EntryStatus.DRAFT, worked_on=date(2026, 11, 2))
    clock.turn_to(date(2026, 11, 3))
    assert remind_of_cut_off(session) == 0


def test_the_day_before_a_monday_is_friday(session: Session, clock: TurnedClock) -> None:
    make_calendar(session)
    found = period(session, date(2026, 11, 1))
    moved = {"cut_off_on": date(2026, 12, 7), "run_on": date(2026, 12, 8)}
    move_dates(session, make_biller(session), period_id=id_of(found), expected_version=1, dates=moved)
    make_time_entry(session, status=EntryStatus.SUBMITTED, worked_on=date(2026, 11, 9))
    clock.turn_to(date(2026, 12, 4))
    assert remind_of_cut_off(session) == 1
    clock.turn_to(date(2026, 12, 5))
    assert remind_of_cut_off(session) == 0
