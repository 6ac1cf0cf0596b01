"""Past work beside one bill: everybody's other entries, and never the bill's own."""

from datetime import date

import pytest
from sqlmodel import Session

from models.enums import EntryKind
from services.rules.past_work import PersonDay, Wanted, load_past_work, source_of
from tests.builders import id_of, make_expense, make_matter, make_time_entry, make_timekeeper

DAY = date(2026, 10, 5)


@pytest.mark.parametrize("by", ["days", "matter"])
def test_leave_out_a_bills_own_entries(session: Session, by: str) -> None:
    matter, timekeeper = make_matter(session), make_timekeeper(session)
    own, other = (make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_on=DAY) for _ in range(2))
    spent, also_spent = (make_expense(session, matter=matter, incurred_on=DAY) for _ in range(2))
    wanted = {
        "days": Wanted(days=frozenset({PersonDay(timekeeper.code, DAY)}), own=_sources(own, spent)),
        "matter": Wanted(matter_ids=frozenset({id_of(matter)}), own=_sources(own, spent)),
    }[by]
    found = {line.source for line in load_past_work(session, wanted).lines}
    expected = {source_of(EntryKind.FEE, id_of(other))}
    if by == "matter":
        expected.add(source_of(EntryKind.EXPENSE, id_of(also_spent)))
    assert found == expected


def test_read_all_where_nothing_is_left_out(session: Session) -> None:
    matter, timekeeper = make_matter(session), make_timekeeper(session)
    made = [make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_on=DAY) for _ in range(2)]
    found = load_past_work(session, Wanted(matter_ids=frozenset({id_of(matter)}))).lines
    assert {line.source for line in found} == {source_of(EntryKind.FEE, id_of(one)) for one in made}


def _sources(time_entry: object, expense: object) -> frozenset[str]:
    return frozenset({source_of(EntryKind.FEE, id_of(time_entry)), source_of(EntryKind.EXPENSE, id_of(expense))})
