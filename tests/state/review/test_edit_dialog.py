"""The dialog that asks before a proforma is edited: its questions, the bill before and after, what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from core.db import Database
from core.errors import DeniedError, InvalidInputError
from models import LineProposal, Matter, Proforma, ProformaLine, SplitProposal, TimeEntry
from models.enums import EntryKind, LineTreatment, Role
from state.review.edit_dialog import EditDialog
from state.review.line_selection import LineSelection
from state.review.proforma import ProformaPage
from tests.acting import acting_as, call, fresh_state
from tests.builders import id_of, make_matter, make_rate, make_time_entry, make_timekeeper, make_user
from tests.builders.clock import TurnedClock
from tests.builders.proformas import make_expense_line
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    desk = make_review_desk(database, is_own_work=True)
    with database.unit_of_work() as session:
        proforma = session.get_one(Proforma, desk.flagged)
        make_expense_line(session, proforma, line_number=3)
        make_expense_line(session, proforma, line_number=4, unit_cost="100.00")
    return desk


class Asking:
    """The dialog of a proforma's page under test."""

    def __init__(self, page: ProformaPage, dialog: EditDialog) -> None:
        self.page, self.dialog = page, dialog

    async def line(self, kind: str, desk: ReviewDesk, number: int = 1) -> None:
        line_id = next(line.id for line in desk.lines(desk.flagged) if line.line_number == number)
        await call(self.dialog, "ask_line", kind, str(line_id), self.page.head.version)

    async def many(self, kind: str, desk: ReviewDesk, *numbers: int) -> None:
        selection = await self.dialog.get_state(LineSelection)
        for line in desk.lines(desk.flagged):
            if line.line_number in numbers:
                await call(selection, "toggle", str(line.id))
        await call(self.dialog, "ask_many", kind, self.page.head.version)

    async def bill(self, kind: str) -> None:
        await call(self.dialog, "ask_bill", kind, self.page.head.version)

    async def answer(self, **form: str) -> None:
        await call(self.dialog, "submit", form)


async def asking(desk: ReviewDesk) -> Asking:
    page = fresh_state(ProformaPage, f"/proforma/{desk.flagged}")
    await call(page, "load")
    return Asking(page, await page.get_state(EditDialog))


def line_of(desk: ReviewDesk, number: int) -> ProformaLine:
    return next(line for line in desk.lines(desk.flagged) if line.line_number == number)


async def test_write_down_shows_the_bill_before_and_after(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line("write_down", desk)
        assert (ask.dialog.is_open, ask.dialog.before, ask.dialog.after) == (True, "$997.50", "")
        await call(ask.dialog, "type_value", "value", "27.50")
        assert ask.dialog.after == "$970.00"
        await call(ask.dialog, "type_value", "of", "units")
        assert ask.dialog.after == ""
        await call(ask.dialog, "type_value", "value", "0.5")
        assert ask.dialog.after == "$855.00"
        assert desk.proforma(desk.flagged).version == 1
        await ask.answer(of="units", value="0.5", note="")
        assert "What you typed is still here." in ask.dialog.problem
        await ask.answer(of="units", value="0.5", note="Too long")
    assert (ask.dialog.is_open, ask.page.done) == (False, "Done. $997.50 → $855.00.")
    assert (line_of(desk, 1).billed_units, line_of(desk, 1).note) == (Decimal("1.0"), "Too long")


@pytest.mark.parametrize(
    ("kind", "form", "treatment", "amount"),
    [
        ("write_off", {"note": "Courtesy"}, LineTreatment.WRITE_OFF, "570.00"),
        ("hold", {"note": ""}, LineTreatment.HOLD, "570.00"),
        ("discount", {"of": "percent", "value": "10%", "note": ""}, LineTreatment.BILL, "954.75"),
        ("discount", {"of": "amount", "value": "$7.50", "note": ""}, LineTreatment.BILL, "990.00"),
        ("discount", {"of": "percent", "value": "", "note": ""}, LineTreatment.BILL, "997.50"),
    ],
)
async def test_one_line(
    desk: ReviewDesk, kind: str, form: dict[str, str], treatment: LineTreatment, amount: str
) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line(kind, desk)
        await ask.answer(**form)
    assert ask.dialog.problem == ""
    assert line_of(desk, 1).treatment is treatment
    assert desk.proforma(desk.flagged).billed_amount == Decimal(amount)


@pytest.mark.parametrize(
    ("kind", "numbers", "form", "amount"),
    [
        ("write_off", (1, 2), {"note": "Courtesy"}, "142.50"),
        ("write_down", (1, 2), {"of": "amount", "value": "100", "note": "x"}, "797.50"),
        ("codes", (1, 2), {"task_code": "l250", "activity_code": "", "expense_code": ""}, "997.50"),
        ("combine", (3, 4), {"narrative": "Court reporter, two days"}, "997.50"),
    ],
)
async def test_many_lines(
    desk: ReviewDesk, kind: str, numbers: tuple[int, ...], form: dict[str, str], amount: str
) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.many(kind, desk, *numbers)
        assert str(len(numbers)) in ask.dialog.title
        await ask.answer(**form)
        assert (ask.dialog.problem, (await ask.dialog.get_state(LineSelection)).chosen) == ("", [])
    assert desk.proforma(desk.flagged).billed_amount == Decimal(amount)
    assert desk.proforma(desk.flagged).version == 2
    if kind == "combine":
        assert line_of(desk, 5).billed_narrative == "Court reporter, two days"
    if kind == "codes":
        assert {line_of(desk, number).task_code for number in numbers} == {"L250"}


async def test_combined_expenses_are_taken_apart_from_their_panel(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.many("combine", desk, 3, 4)
        await ask.answer(narrative="Court reporter")
        await call(ask.page, "choose", "all")
        assert [(line.number, line.origin) for line in ask.page.lines[2:]] == [
            ("3", "Billed in line 5"),
            ("4", "Billed in line 5"),
            ("5", "Combines 3, 4"),
        ]
        await call(ask.page, "take_apart", str(line_of(desk, 5).id), ask.page.head.version)
    assert [line.line_number for line in desk.lines(desk.flagged)] == [1, 2, 3, 4]


async def test_nothing_ticked_asks_nothing(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        with pytest.raises(InvalidInputError, match="No line is chosen"):
            await ask.many("write_off", desk)
        with pytest.raises(InvalidInputError, match="no such step"):
            await ask.many("finalize", desk, 1)
        with pytest.raises(InvalidInputError, match="no such step"):
            await ask.line("finalize", desk)
        with pytest.raises(InvalidInputError, match="no such step"):
            await ask.bill("finalize")
    assert not ask.dialog.is_open


async def test_selection_takes_what_is_shown_and_may_be_chosen(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.bill("bill_discount")
        await ask.answer(on="IF", of="percent", value="10", note="Courtesy discount")
        await call(ask.page, "choose", "all")
        selection = await ask.dialog.get_state(LineSelection)
        await call(selection, "choose_shown")
        assert (len(selection.chosen), selection.words) == (4, "4 lines chosen")
        await call(selection, "toggle", selection.chosen[0])
        assert selection.words == "3 lines chosen"
        await call(selection, "clear")
    assert (selection.chosen, selection.words) == ([], "")


async def test_discount_on_the_bill_given_and_taken_away(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.bill("bill_discount")
        await call(ask.dialog, "type_value", "value", "10")
        assert ask.dialog.after == "$912.00"
        await ask.answer(on="IF", of="percent", value="10", note="Courtesy discount")
        assert line_of(desk, 5).kind is EntryKind.FEE_DISCOUNT
        await ask.bill("bill_discount")
        await ask.answer(on="IF", of="percent", value="", note="")
    assert desk.proforma(desk.flagged).billed_amount == Decimal("997.50")


async def test_many_lines_are_transferred_at_once_with_the_sum_before(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        key = id_of(make_matter(session))
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.many("transfer", desk, 3, 4)
        assert (ask.dialog.asks_matter, str(key) in {one.id for one in ask.dialog.targets}) == (True, True)
        await call(ask.dialog, "choose", str(key))
        assert ask.dialog.after == "$855.00"
        await ask.answer(note="Wrong matter")
        assert ask.page.head.amount == "$855.00"
    assert {line_of(desk, number).transfer_matter_id for number in (3, 4)} == {key}


async def test_transfer_asks_for_the_matter(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        target = make_matter(session)
        key, number = id_of(target), target.number
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line("transfer", desk)
        await ask.answer(note="")
        assert "Choose the matter first" in ask.dialog.problem
        await call(ask.dialog, "find", number)
        assert [one.words[: len(number)] for one in ask.dialog.targets] == [number]
        await call(ask.dialog, "choose", "999")
        assert ask.dialog.matter == ""
        await call(ask.dialog, "choose", str(key))
        assert ask.dialog.after == "$570.00"
        await ask.answer(note="Wrong matter")
        await call(ask.page, "choose", "all")
        assert ask.page.lines[0].origin == f"Went to {number}"
    with desk.database.read_only() as session:
        assert session.get_one(TimeEntry, line_of(desk, 1).time_entry_id).matter_id == key


async def test_a_part_goes_by_dollars_or_by_its_timekeepers_word(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        key = id_of(make_matter(session))
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line("part", desk, 4)
        await call(ask.dialog, "choose", str(key))
        await ask.answer(amount="40", note="")
        assert ask.dialog.problem == ""
        await ask.line("part", desk, 1)
        await call(ask.dialog, "choose", str(key))
        await ask.answer(stays="Draft the motion", goes="Call with the other adjuster")
        assert ask.dialog.problem == ""
    with desk.database.read_only() as session:
        assert len(session.exec(select(SplitProposal)).all()) == 1
        assert session.get_one(Matter, key).id == key
    assert desk.proforma(desk.flagged).billed_amount == Decimal("957.50")


@pytest.mark.parametrize(
    ("kind", "form", "value"),
    [
        ("hours", {"hours": "2.0", "reason": "You told me so"}, ("hours", Decimal("2.0"))),
        ("date", {"worked_on": "2026-10-07", "reason": "The hearing was on the 7th"}, ("worked_on", date(2026, 10, 7))),
    ],
)
async def test_hours_and_days_are_asked_of_the_timekeeper(
    desk: ReviewDesk, kind: str, form: dict[str, str], value: tuple[str, Any]
) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        ask = await asking(desk)
        await ask.line(kind, desk)
        await ask.answer(**{**form, "reason": ""})
        assert "Say why" in ask.dialog.problem
        await ask.answer(**form)
        assert ask.page.done.startswith("Asked.")
        with pytest.raises(InvalidInputError, match="Only time has a timekeeper"):
            await ask.line(kind, desk, 3)
    with desk.database.read_only() as session:
        proposal = session.exec(select(LineProposal)).one()
    assert getattr(proposal, value[0]) == value[1]


async def test_a_day_that_is_none_is_refused(desk: ReviewDesk) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        ask = await asking(desk)
        await ask.line("date", desk)
        await ask.answer(worked_on="yesterday", reason="x")
    assert "Give the day" in ask.dialog.problem


async def test_late_work_is_ticked(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        with pytest.raises(InvalidInputError, match="No released work"):
            await ask.bill("late")
        with desk.database.unit_of_work() as session:
            first = session.get_one(TimeEntry, line_of(desk, 1).time_entry_id)
            entry = make_time_entry(session, matter=session.get_one(Matter, first.matter_id), hours="0.5")
            entry.timekeeper_id = first.timekeeper_id
            key = id_of(entry)
        await ask.bill("late")
        (tick,) = ask.dialog.fields
        assert (tick.kind, tick.name, "$142.50" in tick.label) == ("tick", f"F-{key}", True)
        await call(ask.dialog, "type_value", tick.name, "on")
        assert ask.dialog.after == "$1,140.00"
        await ask.answer(**{tick.name: "on"})
    assert desk.proforma(desk.flagged).billed_amount == Decimal("1140.00")


async def test_own_time_and_an_expense_are_recorded(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.bill("own_time")
        form = {"worked_on": "2026-10-20", "hours": "0.4", "task_code": "L120", "activity_code": "A106"}
        await ask.answer(**form, narrative="Call with the adjuster")
        assert ask.dialog.problem == ""
        await ask.bill("expense")
        await ask.answer(
            incurred_on="2026-10-21", units="2", unit_cost="12.25", expense_code="E101", narrative="Copies"
        )
        assert ask.dialog.problem == ""
    assert [line_of(desk, number).billed_amount for number in (5, 6)] == [Decimal("114.00"), Decimal("24.50")]


async def test_what_changed_meanwhile_is_said_and_asked_again(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line("hold", desk)
        with desk.database.unit_of_work() as session:
            session.get_one(Proforma, desk.flagged).version = 7
        await ask.answer(note="Later")
        assert "Somebody changed this" in ask.dialog.problem
        await ask.answer(note="Later")
    assert line_of(desk, 1).treatment is LineTreatment.HOLD


async def test_billing_is_refused_what_is_the_attorneys(desk: ReviewDesk) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        ask = await asking(desk)
        await ask.line("write_off", desk)
        await ask.answer(note="x")
        assert "responsible attorney" in ask.dialog.problem
    with acting_as(Role.ADMIN, user_id=desk.biller_id), pytest.raises(DeniedError):
        await call(ask.dialog, "ask_line", "write_off", "1", "1")
    assert line_of(desk, 1).treatment is LineTreatment.BILL


async def test_hold_lines_until_a_day(desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    TurnedClock(monkeypatch, date(2026, 11, 4))
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.many("hold", desk, 1, 3)
        await ask.answer(until="soon", note="")
        assert "Give the day" in ask.dialog.problem
        await ask.answer(until="2026-11-04", note="")
        assert "no day to wait for" in ask.dialog.problem
        await ask.answer(until="2026-12-01", note="The expert's fee is in dispute")
        held = [line_of(desk, number) for number in (1, 3)]
        assert {(line.treatment, line.held_until) for line in held} == {(LineTreatment.HOLD, date(2026, 12, 1))}
        assert "until none → 2026-12-01" in ask.page.steps[0].lines[0].words


async def test_ask_whose_work_a_line_is_with_the_sum_before_and_after(desk: ReviewDesk) -> None:
    with desk.database.unit_of_work() as session:
        cole = make_timekeeper(session, last_name="Cole")
        make_rate(session, Decimal(150), timekeeper=cole)
        make_user(session, Role.ATTORNEY).timekeeper_id = cole.id
        cole_id = id_of(cole)
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        ask = await asking(desk)
        await ask.line("performer", desk)
        choice = ask.dialog.fields[0]
        assert [(one.value, one.label) for one in choice.options] == [
            ("", "Choose"),
            (str(cole_id), "Cole, Ana · $150.00 an hour"),
        ]
        before = ask.dialog.before
        await call(ask.dialog, "type_value", "timekeeper", str(cole_id))
        assert ask.dialog.after not in {"", before}
        await ask.answer(timekeeper="", reason="She drafted it")
        assert "Choose who did the work" in ask.dialog.problem
        await ask.answer(timekeeper=str(cole_id), reason="")
        assert "Say why" in ask.dialog.problem
        await ask.answer(timekeeper=str(cole_id), reason="She drafted it")
        assert (ask.dialog.is_open, ask.page.head.amount) == (False, before)
        with pytest.raises(InvalidInputError, match="Only time"):
            await ask.line("performer", desk, 3)
    with desk.database.read_only() as session:
        found = session.exec(select(LineProposal)).one()
        assert (found.timekeeper_id, found.reason) == (cole_id, "She drafted it")
