"""Matters as billing sees them: pages, search and filters, who may see which, and one with all that is open of it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session

from core.errors import DeniedError, NotFoundError
from models.enums import BillingFrequency, Role
from services.billing.billing_selection import Reason
from services.billing.matters import MatterFilter, get_matter, list_matters
from tests.builders import (
    actor,
    id_of,
    make_billable_matter,
    make_biller,
    make_carrier,
    make_invoice,
    make_matter,
    make_proforma,
    make_user,
)
from tests.builders.clock import TurnedClock


def numbers(session: Session, **wanted) -> list[str]:
    found = list_matters(session, make_biller(session), wanted=MatterFilter(**wanted))
    return [row.number for row in found.rows]


def test_list_pages_by_key_newest_first(session: Session) -> None:
    matters = [make_matter(session) for _ in range(5)]
    biller = make_biller(session)
    first = list_matters(session, biller, wanted=MatterFilter(), limit=3)
    second = list_matters(session, biller, wanted=MatterFilter(), before=first.next_before, limit=3)
    assert [row.id for row in (*first.rows, *second.rows)] == [one.id for one in reversed(matters)]
    assert second.next_before is None


@pytest.mark.parametrize("text", ["0042", "v. Insured", "Harbor", "Ana Rey", "  harbor  "])
def test_list_finds_by_number_name_carrier_and_attorney(session: Session, text: str) -> None:
    carrier = make_carrier(session, name="Harbor Mutual")
    attorney = make_user(session, Role.ATTORNEY, name="Ana Reyes")
    make_matter(session, carrier=carrier, attorney=attorney, number="2024-00421")
    other = make_matter(session, number="9-1")
    other.name = "Other"
    session.flush()
    assert numbers(session, text=text) == ["2024-00421"]


def test_list_takes_wildcards_literally(session: Session) -> None:
    make_matter(session)
    assert numbers(session, text="%") == numbers(session, text="_") == []


def test_list_by_frequency_and_hold(session: Session, clock: TurnedClock) -> None:
    yearly, held, over = (make_matter(session) for _ in range(3))
    yearly.billing_frequency = BillingFrequency.ANNUAL
    held.billing_hold_until, over.billing_hold_until = date(2026, 12, 1), date(2026, 11, 4)
    session.flush()
    assert numbers(session, frequency=BillingFrequency.ANNUAL) == [yearly.number]
    assert numbers(session, is_held=True) == [held.number]


def test_attorneys_see_their_own_alone(session: Session) -> None:
    mine, other = make_matter(session), make_matter(session)
    attorney = actor(Role.ATTORNEY, user_id=mine.responsible_attorney_id)
    assert [row.id for row in list_matters(session, attorney, wanted=MatterFilter()).rows] == [mine.id]
    assert not get_matter(session, attorney, matter_id=id_of(mine)).can_edit
    with pytest.raises(NotFoundError, match="another attorney's"):
        get_matter(session, attorney, matter_id=id_of(other))
    with pytest.raises(DeniedError):
        list_matters(session, actor(Role.SYSTEM), wanted=MatterFilter())


def test_get_shows_work_by_age_and_why_it_is_not_billed(session: Session, clock: TurnedClock) -> None:
    matter = make_billable_matter(session, fees=1, expenses=1)
    matter.billing_hold_until, matter.billing_hold_reason = date(2026, 12, 1), "Coverage"
    session.flush()
    detail = get_matter(session, make_biller(session), matter_id=id_of(matter))
    assert (detail.row.hold_until, detail.row.hold_reason, detail.can_edit) == (date(2026, 12, 1), "Coverage", True)
    assert sum(age.amount for age in detail.work) == Decimal("470.00")
    assert {one.reason for one in detail.obstacles} <= {Reason.MATTER_HELD, Reason.BEFORE_PERIOD}
    assert detail.row.carrier


def test_get_shows_its_latest_bills(session: Session) -> None:
    proforma = make_proforma(session)
    detail = get_matter(session, make_biller(session), matter_id=proforma.matter_id)
    assert [(one.id, one.number, one.amount) for one in detail.proformas] == [
        (proforma.id, "October 2026", proforma.billed_amount)
    ]
    invoice = make_invoice(session)
    (shown,) = get_matter(session, make_biller(session), matter_id=invoice.matter_id).invoices
    assert (shown.number, shown.amount) == (invoice.number, invoice.total_amount)


def test_get_of_no_matter(session: Session) -> None:
    with pytest.raises(NotFoundError, match="no such matter"):
        get_matter(session, make_biller(session), matter_id=4711)
