"""Flagged lines are read once for each version of a proforma, and each person reads what they may."""

from collections.abc import Collection
from typing import Any

import pytest
from sqlmodel import select

from core.db import Database, read_only, unit_of_work
from models import Proforma, ProformaFinding
from models.enums import Role
from services.review.queue_filters import QueueFilter, Scope
from services.review.queue_list import list_queue
from state.guard import actor
from state.review import known_flags
from state.review.known_flags import flags_of
from tests.acting import acting_as
from tests.state.review_desk import ReviewDesk, make_review_desk


@pytest.fixture
def desk(database: Database) -> ReviewDesk:
    return make_review_desk(database)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[int]]:
    """Return for which proformas findings were read, a set a time."""
    found: list[set[int]] = []
    read = known_flags.flagged_lines

    def counted(session: Any, who: Any, *, proforma_ids: Collection[int]) -> Any:
        found.append(set(proforma_ids))
        return read(session, who, proforma_ids=proforma_ids)

    monkeypatch.setattr(known_flags, "flagged_lines", counted)
    return found


def flags(scope: Scope = Scope.MINE) -> dict[int, Any]:
    with read_only() as session:
        items = list_queue(session, actor(), wanted=QueueFilter(scope)).items
        return flags_of(session, actor(), items)


def test_read_once_a_version(desk: ReviewDesk, asked: list[set[int]]) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        first = flags()
        assert flags() == first
    assert list(first) == [desk.flagged]
    assert asked == [{desk.flagged}]


def test_read_for_each_attorney_and_once_for_billing(desk: ReviewDesk, asked: list[set[int]]) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        flags()
    for _ in range(2):
        with acting_as(Role.BILLER, user_id=desk.biller_id):
            assert list(flags(Scope.ALL)) == [desk.flagged]
    assert asked == [{desk.flagged}] * 2


def test_a_new_version_is_read_anew(desk: ReviewDesk, asked: list[set[int]]) -> None:
    with acting_as(Role.ATTORNEY, user_id=desk.attorney_id):
        flags()
        with unit_of_work() as session:
            session.get_one(Proforma, desk.flagged).version += 1
            session.exec(select(ProformaFinding)).one().message = "Something else."
        [[again]] = flags().values()
    assert again.message == "Something else."
    assert asked == [{desk.flagged}] * 2
