"""The billing calendar's page: cycles as text, dates moved, closing days by administrators alone."""

from datetime import date

import pytest

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import BillingPeriod, ClosingDay
from models.enums import EntryStatus, Role
from services.billing.billing_calendar import make_calendar
from state.billing.billing_calendar import BillingCalendar
from state.billing.calendar_rows import days_left
from tests.acting import acting_as, call, fresh_state
from tests.builders import make_time_entry
from tests.builders.clock import TurnedClock
from tests.state.billing_desk import BillingDesk, make_billing_desk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TurnedClock:
    return TurnedClock(monkeypatch, date(2026, 11, 4))


@pytest.fixture
def desk(database: Database, clock: TurnedClock) -> BillingDesk:
    desk = make_billing_desk(database)
    with database.unit_of_work() as session:
        make_calendar(session)
    return desk


async def opened() -> BillingCalendar:
    state = fresh_state(BillingCalendar, "/billing/calendar")
    await call(state, "load")
    return state


async def test_show_the_running_and_the_next_cycles(desk: BillingDesk) -> None:
    with desk.database.unit_of_work() as session:
        make_time_entry(session, status=EntryStatus.DRAFT)
    with desk.biller():
        state = await opened()
    october = state.cycles[0]
    assert (october.name, october.href, october.is_late) == ("October 2026", "/billing?period=2026-10", True)
    assert [(one.label, one.day, one.words, one.tone) for one in october.dates] == [
        ("Cut-off", "Tue 3 Nov 2026", "1 day ago", "past"),
        ("Billing run", "Wed 4 Nov 2026", "today", "near"),
        ("Review due", "Thu 12 Nov 2026", "in 8 days", "later"),
        ("Send by", "Mon 16 Nov 2026", "in 12 days", "later"),
    ]
    (left,) = october.open
    assert (left.title, left.text, left.is_late, len(left.people)) == ("Not released", "1 entry", True, 1)
    assert len(state.cycles) == 4


async def test_move_dates_and_keep_what_is_refused(desk: BillingDesk) -> None:
    with desk.biller():
        state = await opened()
        await call(state, "ask_move", state.cycles[1].id)
        form = {one.name: one.iso for one in state.moving_dates}
        await call(state, "move", {**form, "cut_off_on": "2026-12-30"})
        assert "must follow each other" in state.moving_problem
        await call(state, "move", {**form, "cut_off_on": "soon"})
        assert "is no day" in state.moving_problem
        await call(state, "move", {**form, "cut_off_on": "2026-12-03", "note": "Board meeting"})
    assert (state.moving, state.done) == ("", "The dates of November 2026 are moved.")
    assert (state.cycles[1].note, state.cycles[1].dates[0].is_moved) == ("Board meeting", True)
    november = next(one for one in desk.all_of(BillingPeriod) if one.starts_on == date(2026, 11, 1))
    assert november.cut_off_on == date(2026, 12, 3)


async def test_closing_days_are_for_administrators(desk: BillingDesk) -> None:
    with desk.biller():
        state = await opened()
        with pytest.raises(DeniedError):
            await call(state, "add_closing_day", {"day": "2026-12-07", "name": "Retreat"})
    with desk.admin():
        state = await opened()
        await call(state, "add_closing_day", {"day": "2026-12-05", "name": "Retreat"})
        assert "is no business day" in state.problem
        assert state.kept_text == "Retreat"
        await call(state, "add_closing_day", {"day": "2026-12-07", "name": "Retreat"})
        assert [(one.day, one.name) for one in state.closing_days] == [("7 Dec 2026", "Retreat")]
        assert state.done.startswith("Done. Dates of 1 cycle followed")
        await call(state, "remove_closing_day", state.closing_days[0].id)
    assert desk.all_of(ClosingDay) == []


async def test_the_page_is_not_for_attorneys(desk: BillingDesk) -> None:
    with acting_as(Role.ATTORNEY), pytest.raises(DeniedError):
        await opened()


@pytest.mark.parametrize(
    ("day", "words"),
    [(2, "2 days ago"), (3, "1 day ago"), (4, "today"), (5, "tomorrow"), (7, "in 3 days")],
)
def test_say_how_far_off_a_day_is(clock: TurnedClock, day: int, words: str) -> None:
    assert days_left(date(2026, 11, day)) == words


async def test_nonsense_from_the_page_is_refused(desk: BillingDesk) -> None:
    with desk.admin():
        state = await opened()
        await call(state, "ask_move", "4711")
        assert state.moving == ""
        with pytest.raises(InvalidInputError):
            await call(state, "remove_closing_day", "x")
