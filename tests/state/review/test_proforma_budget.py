"""The budgets beside a proforma: shown, recorded with what was refused kept, taken back, and for whom."""

import pytest

from core.db import Database
from core.errors import DeniedError, StaleVersionError
from models.enums import Role
from state.review.proforma import ProformaPage
from state.review.proforma_budget import ProformaBudget
from tests.acting import acting_as, call, fresh_state
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


async def opened(proforma_id: int) -> tuple[ProformaPage, ProformaBudget]:
    page = fresh_state(ProformaPage, f"/proforma/{proforma_id}")
    await call(page, "load")
    budget = await page.get_state(ProformaBudget)
    await call(budget, "load")
    return page, budget


def form(budget: ProformaBudget, **typed: str) -> dict[str, str]:
    return {"amount": "1,500.00", "code": "", "approved_on": budget.today, "work_from": "", "work_to": "", **typed}


async def test_record_and_take_back(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        page, budget = await opened(desk.flagged)
        assert (budget.rows, budget.may_set, budget.is_known) == ([], True, True)
        await call(budget, "ask", page.head.version)
        await call(budget, "record", form(budget, reference="e-mail"))
        (row,) = budget.rows
        assert (row.name, row.approved, row.billed, row.here, row.left) == (
            "The matter",
            "$1,500.00",
            "$0.00",
            page.head.amount,
            "$645.00",
        )
        assert row.facts.endswith("· e-mail")
        assert (budget.is_open, row.is_passed) == (False, False)
        assert page.events[0].what == "recorded a budget of $1,500.00 for the matter"
        await call(budget, "take_back", row.id, page.head.version)
        assert budget.rows == []
        assert page.done.startswith("The budget was taken back")


async def test_record_of_a_phase_for_days_that_is_passed(desk: ReviewDesk) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        page, budget = await opened(desk.flagged)
        await call(budget, "ask", page.head.version)
        days = {"work_from": "2026-10-01", "work_to": "2026-12-31"}
        await call(budget, "record", form(budget, amount="100", code="l200", **days))
        (row,) = budget.rows
    assert (row.name, row.left, row.is_passed) == ("L200", "-$755.00", True)
    assert "for work from 1 Oct 2026 to 31 Dec 2026" in row.facts


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"amount": "lots"}, "is no number for the amount"),
        ({"amount": "0"}, "above zero"),
        ({"code": "L999"}, "no task or phase"),
        ({"approved_on": ""}, "Give the day"),
        ({"approved_on": "2999-01-01"}, "is not yet"),
        ({"work_to": "soon"}, "no date for the last day"),
    ],
)
async def test_record_keeps_what_was_typed_when_it_is_refused(
    desk: ReviewDesk, typed: dict[str, str], says: str
) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        page, budget = await opened(desk.flagged)
        await call(budget, "ask", page.head.version)
        await call(budget, "record", form(budget, **typed))
    assert says in budget.problem
    assert budget.problem.endswith("What you typed is still here.")
    assert (budget.is_open, budget.rows) == (True, [])


async def test_record_over_somebody_elses_change_is_refused(desk: ReviewDesk) -> None:
    with acting_as(Role.BILLER, user_id=desk.biller_id):
        _, budget = await opened(desk.flagged)
        for amount in ("1000", "2000"):
            await call(budget, "ask", "1")
            await call(budget, "record", form(budget, amount=amount))
        assert "Somebody changed this" in budget.problem
        assert [row.approved for row in budget.rows] == ["$1,000.00"]
        with pytest.raises(StaleVersionError):
            await call(budget, "take_back", budget.rows[0].id, "1")


async def test_strangers_see_nothing(desk: ReviewDesk) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        _, budget = await opened(desk.foreign)
        assert (budget.rows, budget.is_known, budget.may_set) == ([], False, False)
    with acting_as(), pytest.raises(DeniedError):
        await call(budget, "load")
