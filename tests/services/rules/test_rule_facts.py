"""Rules get their facts wherever lines are judged: at the billing run, on the proforma, and while an entry is typed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError
from models import AuditEvent, Matter, Proforma, ProformaFinding, Rate, Timekeeper
from models.enums import Role
from services.actor import Actor
from services.billing.billing_runs import run_billing
from services.billing.rate_notices import record_rate_notice
from services.billing.rates import RatedHour, load_rates
from services.review.proforma_findings import lines_of, recheck
from services.rules.entry_findings import TypedEntry, check_entry
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_biller,
    make_budget,
    make_carrier,
    make_expense,
    make_matter,
    make_rate,
    make_receipt,
    make_time_entry,
    make_timekeeper,
    make_user,
    profile_document,
)

NOTICE = {"kind": "rate_increase_notice", "action": "reduce", "days": 30}
RECEIPT = {"kind": "receipt_required", "action": "block", "over": "25.00"}
BUDGET = {"kind": "budget", "action": "warn"}
OLD, NEW = Decimal("285.00"), Decimal("310.00")
RAISED_ON = date(2026, 10, 1)


class Firm:
    """A carrier with all three rules that approved a higher rate from October on, and work of October."""

    def __init__(self, session: Session, *, notified_on: date | None = None) -> None:
        self.session = session
        self.carrier = make_carrier(session, profile=profile_document(guidelines=[NOTICE, RECEIPT, BUDGET]))
        self.who: Timekeeper = make_timekeeper(session)
        for amount, days, told in (
            (OLD, (date(2026, 1, 1), date(2026, 9, 30)), None),
            (NEW, (RAISED_ON, None), notified_on),
        ):
            make_rate(
                session,
                amount,
                carrier=self.carrier,
                timekeeper=self.who,
                effective_from=days[0],
                effective_to=days[1],
                notified_on=told,
            )
        self.matter: Matter = make_matter(session, carrier=self.carrier)

    def work(self) -> None:
        make_time_entry(self.session, matter=self.matter, timekeeper=self.who)

    def bill(self) -> Proforma:
        run_billing(self.session, make_biller(self.session), period_start=PERIOD_START, period_end=PERIOD_END)
        return self.session.exec(select(Proforma)).one()

    def found(self) -> list[str]:
        return sorted(found.rule for found in self.session.exec(select(ProformaFinding)))

    def found_again(self, proforma: Proforma) -> list[str]:
        recheck(self.session, proforma, lines_of(self.session, id_of(proforma)))
        return self.found()


@pytest.mark.parametrize(
    ("notified_on", "rules"),
    [(None, ["rate_increase_notice"]), (date(2026, 9, 6), ["rate_increase_notice"]), (date(2026, 9, 5), [])],
)
def test_the_rate_before_reaches_every_check(session: Session, notified_on: date | None, rules: list[str]) -> None:
    firm = Firm(session, notified_on=notified_on)
    firm.work()
    proforma = firm.bill()
    assert firm.found() == rules
    assert firm.found_again(proforma) == rules
    entry = TypedEntry(
        matter_id=id_of(firm.matter),
        timekeeper_id=id_of(firm.who),
        worked_on=date(2026, 10, 5),
        hours=Decimal(1),
        narrative="Draft the reply brief",
    )
    assert [one.rule for one in check_entry(session, actor(Role.BILLER), entry)] == rules


def test_the_rate_before_is_named_and_offered(session: Session) -> None:
    firm = Firm(session)
    firm.work()
    firm.bill()
    (found,) = session.exec(select(ProformaFinding)).all()
    assert "rose from $285.00 to $310.00; this carrier is not known to have been told of it" in found.message
    assert found.fix == {"kind": "cut_rate", "unit_cost": "285.0000"}


@pytest.mark.parametrize(
    ("day", "approved", "previous"),
    [
        (date(2025, 12, 31), None, None),
        (date(2026, 9, 30), OLD, None),
        (date(2026, 10, 1), NEW, OLD),
        (date(2027, 1, 1), NEW, OLD),
    ],
)
def test_approval_tells_the_rate_before(
    session: Session, day: date, approved: Decimal | None, previous: Decimal | None
) -> None:
    firm = Firm(session)
    make_rate(session, Decimal(200), timekeeper=firm.who)
    hour = RatedHour(id_of(firm.carrier), id_of(firm.who), "PT", day)
    found = load_rates(session, [id_of(firm.carrier)]).approval(hour)
    assert (found.hourly_amount, found.previous_amount) == (approved, previous)


def test_approval_finds_the_rate_before_on_the_card_of_the_class(session: Session) -> None:
    carrier, who = make_carrier(session), make_timekeeper(session)
    make_rate(session, OLD, carrier=carrier, classification="PT")
    make_rate(session, NEW, carrier=carrier, timekeeper=who, effective_from=RAISED_ON)
    hour = RatedHour(id_of(carrier), id_of(who), "PT", date(2026, 10, 5))
    assert load_rates(session, [id_of(carrier)]).approval(hour).previous_amount == OLD


@pytest.mark.parametrize(
    ("receipt", "rules"), [("none", ["receipt_required"]), ("removed", ["receipt_required"]), ("filed", [])]
)
def test_receipts_reach_every_check(each_database: Database, receipt: str, rules: list[str]) -> None:
    with each_database.unit_of_work() as session:
        firm = Firm(session)
        expense = make_expense(session, matter=firm.matter)
        if receipt != "none":
            make_receipt(session, expense, removed=receipt == "removed")
        proforma = firm.bill()
        assert firm.found() == rules
        assert firm.found_again(proforma) == rules


def test_budgets_reach_every_check(session: Session) -> None:
    firm = Firm(session, notified_on=date(2026, 1, 1))
    firm.work()
    make_budget(session, firm.matter, "400.00", code="L200")
    make_budget(session, firm.matter, "4000.00")
    proforma = firm.bill()
    assert firm.found() == ["budget"]
    assert firm.found_again(proforma) == ["budget"]


def notice(session: Session, firm: Firm, who: Actor, **given: Any) -> int:
    facts = {"carrier_id": id_of(firm.carrier), "effective_from": RAISED_ON, "notified_on": date(2026, 8, 1)}
    return record_rate_notice(session, who, **{**facts, **given})


def test_record_rate_notice_marks_the_rates_of_the_day(session: Session) -> None:
    firm = Firm(session)
    biller = make_biller(session)
    assert notice(session, firm, biller) == 1
    told = {rate.hourly_amount: rate.notified_on for rate in session.exec(select(Rate))}
    assert told == {OLD: None, NEW: date(2026, 8, 1)}
    assert session.exec(select(AuditEvent.tag)).all() == ["carrier:rates_notified"]
    with pytest.raises(NotFoundError, match="no rate that begins on that day"):
        notice(session, firm, biller, effective_from=date(2026, 10, 2))
    with pytest.raises(InvalidInputError, match="is not yet"):
        notice(session, firm, biller, notified_on=date(2999, 1, 1))
    with pytest.raises(DeniedError):
        notice(session, firm, actor(Role.ATTORNEY, user_id=id_of(make_user(session, Role.ATTORNEY))))
