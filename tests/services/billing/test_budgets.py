"""Budgets: set, replaced, taken back; what was billed of each; and the rule that holds bills against them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, Carrier, Matter, MatterBudget, ProformaFinding
from models.enums import DocumentStatus, Role
from services.actor import Actor
from services.billing.budget_facts import load_budgets
from services.billing.budgets import list_budgets, revoke_budget, set_budget
from services.billing.proforma_budgets import Approval, proforma_budgets, set_proforma_budget, take_back_proforma_budget
from tests.builders import (
    actor,
    id_of,
    make_budget,
    make_carrier,
    make_invoice,
    make_matter,
    make_proforma,
    make_rate,
    make_user,
    profile_document,
)
from tests.services.counting import counted

BUDGET_RULE = {"kind": "budget", "action": "warn"}
OF_LINES = Decimal("427.50")
"""What one line of the builders bills: 1.5 hours at 285.00, on 5 October 2026, under L240."""


def make_desk(session: Session, *rules: dict[str, Any]) -> tuple[Actor, Matter]:
    carrier = make_carrier(session, profile=profile_document(guidelines=list(rules)))
    make_rate(session, carrier=carrier, classification="PT")
    return actor(Role.BILLER, user_id=id_of(make_user(session))), make_matter(session, carrier=carrier)


def carrier_of(session: Session) -> int:
    return id_of(session.exec(select(Carrier).order_by(Carrier.id)).first())


def approve(session: Session, who: Actor, matter: Matter, amount: str = "900.00", **given: Any) -> MatterBudget:
    facts = {"carrier_id": carrier_of(session), "approved_on": date(2026, 9, 1), "amount": Decimal(amount)}
    return set_budget(session, who, matter_id=id_of(matter), **{**facts, **given})


def test_set_budget_replaces_the_one_for_the_same_code_and_days(session: Session) -> None:
    who, matter = make_desk(session)
    first = approve(session, who, matter, code="l300")
    approve(session, who, matter, code="L310")
    second = approve(session, who, matter, "1200.50", code="L300")
    rows = list_budgets(session, who, matter_id=id_of(matter))
    assert [(row.code, row.amount) for row in rows] == [("L300", Decimal("1200.50")), ("L310", Decimal("900.00"))]
    assert first.revoked_at is not None
    events = session.exec(select(AuditEvent).where(AuditEvent.tag == "matter:budget_set")).all()
    assert [event.data["replaced"] for event in events] == [None, None, first.id]
    assert second.id in {row.id for row in rows}


def test_set_budget_of_years_side_by_side_and_none_across_them(session: Session) -> None:
    who, matter = make_desk(session)
    years = [(date(year, 1, 1), date(year, 12, 31)) for year in (2025, 2026)]
    for first, last in years:
        approve(session, who, matter, work_from=first, work_to=last)
    with pytest.raises(InvalidInputError, match="in force for other days, from 2025-01-01 to 2025-12-31"):
        approve(session, who, matter)
    with pytest.raises(InvalidInputError, match="other days"):
        approve(session, who, matter, work_from=date(2026, 12, 31))
    assert len(list_budgets(session, who, matter_id=id_of(matter))) == 2


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": Decimal(0)}, "above zero"),
        ({"amount": Decimal(-5)}, "above zero"),
        ({"amount": Decimal("1.001")}, "dollars and cents"),
        ({"amount": Decimal(10) ** 10}, "dollars and cents"),
        ({"amount": Decimal("NaN")}, "not a number"),
        ({"code": "X999"}, "X999 is no task or phase"),
        ({"code": "E110"}, "E110 is no task or phase"),
        ({"approved_on": date(2999, 1, 1)}, "is not yet"),
        ({"work_from": date(2026, 2, 1), "work_to": date(2026, 1, 31)}, "end before they begin"),
        ({"reference": "x" * 256}, "more than 255 characters"),
    ],
)
def test_set_budget_refuses(session: Session, given: dict[str, Any], says: str) -> None:
    who, matter = make_desk(session)
    with pytest.raises(InvalidInputError, match=says) as refused:
        approve(session, who, matter, **given)
    assert "Nothing was saved" in refused.value.user_message
    assert list_budgets(session, who, matter_id=id_of(matter)) == []


def test_set_budget_takes_a_code_of_the_carriers_own(session: Session) -> None:
    extra = {"code": "HM120", "kind": "task", "label": "Claim plan", "effective_from": "2026-03-01"}
    carrier = make_carrier(session, profile=profile_document(codes={"extra": [extra]}))
    matter = make_matter(session, carrier=carrier)
    who = actor(Role.BILLER, user_id=id_of(make_user(session)))
    assert approve(session, who, matter, code="HM120", carrier_id=id_of(carrier)).code == "HM120"


def test_set_budget_of_a_carrier_that_does_not_pay_is_refused(session: Session) -> None:
    who, matter = make_desk(session)
    with pytest.raises(InvalidInputError, match="does not pay the matter"):
        approve(session, who, matter, carrier_id=id_of(make_carrier(session)))


def test_only_billing_and_the_matters_attorney_set_and_see(session: Session) -> None:
    _, matter = make_desk(session)
    own = actor(Role.ATTORNEY, user_id=matter.responsible_attorney_id)
    other = actor(Role.ATTORNEY, user_id=id_of(make_user(session, Role.ATTORNEY)))
    budget = approve(session, own, matter)
    assert len(list_budgets(session, own, matter_id=id_of(matter))) == 1
    with pytest.raises(DeniedError):
        approve(session, other, matter)
    with pytest.raises(DeniedError):
        revoke_budget(session, other, budget_id=id_of(budget))
    with pytest.raises(NotFoundError):
        list_budgets(session, other, matter_id=id_of(matter))


def test_revoke_budget_once(session: Session) -> None:
    who, matter = make_desk(session)
    budget = approve(session, who, matter)
    revoke_budget(session, who, budget_id=id_of(budget))
    assert list_budgets(session, who, matter_id=id_of(matter)) == []
    with pytest.raises(WrongStateError, match="Nothing was changed"):
        revoke_budget(session, who, budget_id=id_of(budget))


def test_billed_counts_codes_days_and_invoices_that_stand(each_database: Database) -> None:
    with each_database.unit_of_work() as session:
        who, matter = make_desk(session)
        matter_id, carrier_id = id_of(matter), carrier_of(session)
        wanted = {
            "": 4 * OF_LINES,
            "L200": 4 * OF_LINES,
            "L240": 4 * OF_LINES,
            "L250": Decimal(0),
            "L300": Decimal(0),
        }
        for code in wanted:
            make_budget(session, matter, code=code)
        make_budget(session, matter, code="L100", work=(date(2026, 10, 6), None))
        for status in (DocumentStatus.OPEN, DocumentStatus.DELIVERED, DocumentStatus.VOIDED, DocumentStatus.SUPERSEDED):
            make_invoice(session, matter=matter, document_status=status)
        make_invoice(session, matter=make_matter(session, carrier=session.get_one(Carrier, carrier_id)))
        rows = {row.code: row.billed_amount for row in list_budgets(session, who, matter_id=matter_id)}
        assert rows == {**wanted, "L100": Decimal(0)}


def test_billed_of_days_of_work(session: Session) -> None:
    who, matter = make_desk(session)
    make_invoice(session, matter=matter)
    make_budget(session, matter, work=(None, date(2026, 10, 4)))
    make_budget(session, matter, work=(date(2026, 10, 5), date(2026, 10, 5)))
    make_budget(session, matter, work=(date(2026, 10, 6), None))
    rows = list_budgets(session, who, matter_id=id_of(matter))
    assert [row.billed_amount for row in rows] == [Decimal(0), 2 * OF_LINES, Decimal(0)]


def test_load_budgets_takes_two_statements_for_any_number_of_matters(database: Database) -> None:
    counts = []
    for matters in (1, 8):
        with database.unit_of_work() as session:
            made = [make_matter(session) for _ in range(matters)]
            keys = {(budget.matter_id, budget.carrier_id) for budget in (make_budget(session, one) for one in made)}
        with database.read_only() as session, counted(database) as seen:
            assert load_budgets(session, keys).keys() == keys
        counts.append(len(seen))
    assert counts == [2, 2]


def test_a_proforma_is_checked_when_its_budget_is_set_and_taken_back(session: Session) -> None:
    who, matter = make_desk(session, BUDGET_RULE)
    make_invoice(session, matter=matter, lines=1)
    proforma = make_proforma(session, matter=matter)
    key = id_of(proforma)
    approval = Approval(amount=Decimal("1000.00"), approved_on=date(2026, 9, 1), reference="e-mail")
    set_proforma_budget(session, who, proforma_id=key, expected_version=1, approval=approval)
    (found,) = session.exec(select(ProformaFinding)).all()
    assert found.message.startswith("$1,282.50 are billed for the matter with this line; $1,000.00 are approved.")
    (line,) = proforma_budgets(session, who, proforma_id=key).lines
    assert (line.budget.billed_amount, line.here_amount, line.left_amount) == (
        OF_LINES,
        2 * OF_LINES,
        Decimal("-282.50"),
    )
    with pytest.raises(StaleVersionError):
        set_proforma_budget(session, who, proforma_id=key, expected_version=1, approval=approval)
    take_back_proforma_budget(session, who, proforma_id=key, expected_version=2, budget_id=line.budget.id)
    assert session.exec(select(ProformaFinding)).all() == []
    assert proforma_budgets(session, who, proforma_id=key).lines == ()
    with pytest.raises(WrongStateError, match="not in force"):
        take_back_proforma_budget(session, who, proforma_id=key, expected_version=3, budget_id=line.budget.id)


def test_proforma_budgets_are_those_of_its_own_carrier_and_tell_who_may(session: Session) -> None:
    who, matter = make_desk(session)
    make_budget(session, matter, carrier=make_carrier(session))
    proforma = make_proforma(session, matter=matter)
    make_budget(session, matter, code="L240")
    shown = proforma_budgets(session, who, proforma_id=id_of(proforma))
    assert [line.budget.code for line in shown.lines] == ["L240"]
    assert shown.may_set
    assert not proforma_budgets(session, actor(Role.SYSTEM), proforma_id=id_of(proforma)).may_set
