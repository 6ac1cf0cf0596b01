"""What a queue's address says, for whom, and that what it may not say is left out."""

from decimal import Decimal

import pytest

from core.errors import InvalidInputError
from models.enums import ProformaStatus, Role
from services.review.queue_filters import Age, Findings, QueueFilter, Scope
from state.review.queue_address import Asked, asked_in, filter_of
from tests.builders import actor

ANA, DANA = actor(Role.ATTORNEY, user_id=1), actor(Role.BILLER, user_id=2)


@pytest.mark.parametrize(
    ("who", "given", "address"),
    [
        (ANA, {}, "/review"),
        (ANA, {"status": "in_review"}, "/review"),
        (ANA, {"scope": "mine"}, "/review"),
        (ANA, {"scope": "team", "status": "in_review"}, "/review?scope=team&status=in_review"),
        (ANA, {"status": "approved", "age": "overdue"}, "/review?status=approved&age=overdue"),
        (ANA, {"status": "eaten", "scope": "world", "age": "old", "findings": "x", "carrier": "x"}, "/review"),
        (ANA, {"search": " 2026-01 ", "carrier": "7"}, "/review?search=2026-01&carrier=7"),
        (DANA, {"status": "returned"}, "/review"),
        (DANA, {"status": "in_review"}, "/review?status=in_review"),
    ],
)  # fmt: skip
def test_asked_in_keeps_what_can_be_asked(who, given: dict[str, str], address: str):
    assert asked_in(given, who).address == address


@pytest.mark.parametrize(
    ("who", "asked", "expected"),
    [
        (ANA, Asked(), QueueFilter()),
        (ANA, Asked(status="all"), QueueFilter(statuses=tuple(ProformaStatus))),
        (ANA, Asked(scope="urgent"), QueueFilter(Scope.URGENT)),
        (DANA, Asked(), QueueFilter(Scope.ALL, (ProformaStatus.RETURNED,))),
        (DANA, Asked(scope="urgent"), QueueFilter(Scope.URGENT)),
        (DANA, Asked(status="held"), QueueFilter(Scope.ALL, (ProformaStatus.HELD,))),
        (
            ANA, Asked(age="week", findings="blocked", amount="10,000", carrier="3"),
            QueueFilter(age=Age.WEEK, findings=Findings.BLOCKED, from_amount=Decimal(10_000), carrier_id=3),
        ),
    ],
)  # fmt: skip
def test_filter_of_asks_the_services(who, asked: Asked, expected: QueueFilter):
    assert filter_of(asked, who) == expected


@pytest.mark.parametrize("asked", [Asked(period="october"), Asked(amount="much")])
def test_filter_of_refuses_what_cannot_be_read(asked: Asked):
    with pytest.raises(InvalidInputError):
        filter_of(asked, ANA)


def test_narrowed_changes_filters_alone():
    asked = Asked(scope="team").narrowed("search", "x" * 300).narrowed("scope", "all").narrowed("period", "y")
    assert (asked.scope, asked.period, len(asked.search)) == ("team", "", 100)
    assert (asked.is_narrowed, asked.tab) == (True, "/review?scope=team")
