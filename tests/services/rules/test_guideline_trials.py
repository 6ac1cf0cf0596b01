"""Rules tried on a month of bills: the same as each bill's own check finds, in a constant number of statements."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, NotFoundError
from guidelines.rules import Rule, parse_rules
from guidelines.trial import try_rules
from models import Carrier, Matter, Proforma, Timekeeper
from models.enums import EntryStatus, ProformaStatus, Role
from services import lifecycle
from services.billing.billing_runs import run_billing, send_run_to_review
from services.invoicing.invoices import finalize_proformas
from services.review.proforma_findings import check_proforma, lines_of
from services.rules.guideline_exceptions import grant_exception
from services.rules.guideline_trials import TrialDesk, named_examples
from services.rules.trial_bills import TrialMonth, load_trial_month, months_billed
from tests.builders import (
    NOW,
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_budget,
    make_carrier,
    make_matter,
    make_rate,
    make_time_entry,
    make_timekeeper,
    make_user,
    profile_document,
)
from tests.services.counting import counted

BILLER = actor(Role.BILLER)
NOVEMBER = date(2026, 11, 1)
RULES: list[dict[str, Any]] = [
    {"kind": "max_hours_per_day", "action": "reduce", "hours": "8"},
    {"kind": "same_time", "action": "warn"},
    {"kind": "duplicate_line", "action": "warn"},
    {"kind": "rate_cap", "action": "reduce"},
    {"kind": "research_limit", "action": "reduce", "hours": "1"},
    {"kind": "vague_narrative", "action": "warn", "min_words": 6},
]


def make_month(session: Session, *, matters: int = 3, rules: Sequence[dict[str, Any]] = RULES) -> Carrier:
    """Bill October of a carrier: every matter has three entries of one person on one day, and one of research."""
    carrier = make_carrier(session, profile=profile_document(guidelines=list(rules)))
    timekeeper = make_timekeeper(session)
    make_rate(session, carrier=carrier, timekeeper=timekeeper)
    attorney = make_user(session, Role.ATTORNEY)
    for place in range(matters):
        matter = make_matter(session, carrier=carrier, attorney=attorney)
        day = PERIOD_START + timedelta(days=place)
        for hours, text in (("3", "Drafted brief"), ("3", "Drafted brief"), ("3.5", "Researched the law of notice")):
            make_time_entry(session, matter=matter, timekeeper=timekeeper, hours=hours, narrative=text, worked_on=day)
    run = run_billing(session, biller_of(session), period_start=PERIOD_START, period_end=PERIOD_END)
    send_run_to_review(session, biller_of(session), run_id=id_of(run))
    return carrier


def biller_of(session: Session) -> Any:
    return actor(Role.BILLER, user_id=id_of(make_user(session, Role.BILLER)))


def finalize(session: Session, proformas: Sequence[Proforma]) -> None:
    for proforma in proformas:
        attorney = actor(Role.ATTORNEY, user_id=proforma.reviewer_id)
        lifecycle.apply(session, attorney, proforma, "approve")
    finalize_proformas(session, biller_of(session), proforma_ids=[id_of(one) for one in proformas])


def load(session: Session, carrier: Carrier, **given: Any) -> TrialMonth:
    return load_trial_month(session, BILLER, carrier_id=id_of(carrier), month=PERIOD_START, **given)


def tried(found: TrialMonth, rules: Sequence[Rule]) -> Counter[str]:
    """Return how many lines each rule meets."""
    done = try_rules(rules, found.bills, history=found.history, exceptions=found.permissions)
    return Counter({rule.rule_id: rule.lines for rule in done.rules if rule.lines})


def found_one_by_one(session: Session) -> Counter[str]:
    """Check every proforma by itself, as after an edit."""
    checked = [check_proforma(session, one, lines_of(session, id_of(one))) for one in session.exec(select(Proforma))]
    return Counter(found.rule_id for bill in checked for found in bill.findings)


def test_find_what_each_proforma_finds_by_itself(session: Session):
    carrier = make_month(session)
    expected = found_one_by_one(session)
    assert expected.keys() >= {"max_hours_per_day", "duplicate_line", "research_limit", "vague_narrative"}
    assert tried(load(session, carrier), parse_rules(RULES)) == expected


@pytest.mark.parametrize(("raised_on", "expected"), [(date(2026, 8, 1), 0), (date(2026, 10, 1), 1)])
def test_a_rise_that_nobody_told_is_known_from_its_first_day(session: Session, raised_on: date, expected: int):
    rules = [{"kind": "rate_increase_notice", "action": "reduce", "days": 30}]
    carrier, timekeeper = make_carrier(session, profile=profile_document(guidelines=rules)), make_timekeeper(session)
    before = {"effective_from": date(2026, 1, 1), "effective_to": raised_on - timedelta(days=1)}
    for amount, days in ((Decimal(285), before), (Decimal(310), {"effective_from": raised_on})):
        make_rate(session, amount, carrier=carrier, timekeeper=timekeeper, **days)
    make_time_entry(session, matter=make_matter(session, carrier=carrier), timekeeper=timekeeper)
    run_billing(session, biller_of(session), period_start=PERIOD_START, period_end=PERIOD_END)
    assert found_one_by_one(session).total() == expected
    assert tried(load(session, carrier), parse_rules(rules)).total() == expected


def test_find_the_same_on_invoices_as_on_their_proformas(session: Session):
    carrier = make_month(session)
    expected = found_one_by_one(session)
    finalize(session, session.exec(select(Proforma)).all()[:2])
    found = load(session, carrier)
    assert (found.invoices, found.proformas, found.lines) == (2, 1, 9)
    assert tried(found, parse_rules(RULES)) == expected
    assert sorted(path.split("/")[1] for path in found.paths.values()) == ["invoices", "invoices", "proforma"]


def test_read_only_bills_of_the_carrier_and_the_month(session: Session):
    carrier = make_month(session)
    other = make_month(session, matters=1)
    voided = session.exec(select(Proforma)).all()[0]
    lifecycle.apply(session, biller_of(session), voided, "void", "Wrong matter")
    assert len(load(session, carrier).bills) == 2
    assert len(load(session, other).bills) == 1
    september = load_trial_month(session, BILLER, carrier_id=id_of(carrier), month=date(2026, 9, 15))
    assert (september.bills, september.lines) == ((), 0)
    assert months_billed(session, BILLER, carrier_id=id_of(carrier)) == [PERIOD_START]
    assert voided.status is ProformaStatus.VOIDED


def test_need_no_more_statements_for_more_bills(database: Database):
    counts = []
    for matters in (2, 12):
        with database.unit_of_work() as session:
            carrier = make_month(session, matters=matters)
            finalize(session, session.exec(select(Proforma).where(Proforma.status == "in_review")).all()[::2])
        with database.read_only() as session, counted(database) as seen:
            load(session, carrier, whole_matters=True)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 16


def test_meet_only_what_was_billed_before(session: Session):
    carrier = make_month(session, matters=1)
    october = session.exec(select(Proforma)).one()
    finalize(session, [october])
    make_budget(session, session.get_one(Matter, october.matter_id), "5000.00")
    bill_november(session, session.get_one(Matter, october.matter_id))
    (before,) = load(session, carrier).bills
    assert (before.bill.last_billed_on, before.bill.budgets[0].billed_before) == (None, Decimal(0))
    (after,) = load_trial_month(session, BILLER, carrier_id=id_of(carrier), month=NOVEMBER).bills
    assert after.bill.last_billed_on == PERIOD_END
    assert after.bill.budgets[0].billed_before == october.billed_amount
    assert months_billed(session, BILLER, carrier_id=id_of(carrier)) == [NOVEMBER, PERIOD_START]


def bill_november(session: Session, matter: Matter) -> None:
    who = session.exec(select(Timekeeper)).one()
    make_time_entry(session, matter=matter, timekeeper=who, worked_on=NOVEMBER)
    run_billing(session, biller_of(session), period_start=NOVEMBER, period_end=date(2026, 11, 30))


def test_respect_permissions(session: Session):
    carrier = make_month(session, matters=1)
    grant_exception(
        session,
        biller_of(session),
        carrier_id=id_of(carrier),
        rule="vague_narrative",
        handler="M. Ortiz",
        granted_on=NOW.date(),
    )
    found = load(session, carrier)
    done = try_rules(parse_rules(RULES[-1:]), found.bills, exceptions=found.permissions)
    assert (done.rules[0].lines, done.rules[0].allowed) == (0, 3)


def test_count_research_over_the_whole_matter_when_asked(session: Session):
    carrier = make_month(session, matters=1)
    matter = session.get_one(Matter, session.exec(select(Proforma)).one().matter_id)
    who = session.exec(select(Timekeeper)).one()
    make_time_entry(
        session,
        matter=matter,
        timekeeper=who,
        hours="4",
        narrative="Researched the law of notice",
        worked_on=date(2026, 3, 2),
        status=EntryStatus.BILLED,
    )
    rules = parse_rules([{"kind": "research_limit", "action": "reduce", "hours": "5", "window": "matter"}])
    assert tried(load(session, carrier), rules) == Counter()
    assert tried(load(session, carrier, whole_matters=True), rules) == Counter({"research_limit": 1})


@pytest.mark.parametrize(
    ("who", "carrier_id", "error"), [(Role.ATTORNEY, 1, DeniedError), (Role.ADMIN, 999_999, NotFoundError)]
)
def test_refuse(session: Session, who: Role, carrier_id: int, error: type[Exception]):
    make_carrier(session)
    with pytest.raises(error):
        load_trial_month(session, actor(who), carrier_id=carrier_id, month=PERIOD_START)


def compare(session: Session, carrier: Carrier, desk: TrialDesk, rules: list[Any], today: list[Any]) -> list[str]:
    """Return how rules compare with those of today."""
    pairs = list(zip(parse_rules(rules), [*parse_rules(today), *[None] * len(rules)], strict=False))
    _, found = desk.try_rules(
        BILLER,
        carrier_id=id_of(carrier),
        month=PERIOD_END,
        pairs=pairs,
        load=lambda whole: load(session, carrier, whole_matters=whole),
    )
    return [one.comparison for one in found]


def test_compare_with_the_rules_of_today(session: Session):
    carrier, desk, day = make_month(session), TrialDesk(), RULES[0]
    less = {**day, "hours": "6"}
    assert compare(session, carrier, desk, [less], [day]) == ["$1,710.00 more than today"]
    assert compare(session, carrier, desk, [day], [less]) == ["$1,710.00 less than today"]
    assert compare(session, carrier, desk, [{**day, "hours": "9.5"}], [day]) == [
        "3 lines fewer, $1,282.50 less than today"
    ]
    assert compare(session, carrier, desk, [{**day, "action": "block"}], [day]) == [
        "$1,710.00 more than today; cut today"
    ]
    assert compare(session, carrier, desk, [day], [day]) == [""]
    assert compare(session, carrier, desk, [day], []) == [""]


def test_read_a_month_once_until_it_is_forgotten(session: Session):
    carrier, desk = make_month(session, matters=1), TrialDesk()
    reads: list[bool] = []

    def read(whole: bool) -> TrialMonth:
        reads.append(whole)
        return load(session, carrier, whole_matters=whole)

    def run() -> None:
        pairs = [(rule, None) for rule in parse_rules(RULES)]
        desk.try_rules(BILLER, carrier_id=id_of(carrier), month=PERIOD_START, pairs=pairs, load=read)

    run()
    run()
    assert reads == [False]
    desk.forget(id_of(carrier))
    run()
    assert reads == [False, False]
    assert list(desk.paths(id_of(carrier), PERIOD_END).values()) == [
        f"/proforma/{session.exec(select(Proforma)).one().id}"
    ]


def test_keep_the_desk_for_who_sees_every_matter(session: Session):
    carrier = make_month(session, matters=1)
    with pytest.raises(DeniedError):
        TrialDesk().try_rules(
            actor(Role.ATTORNEY),
            carrier_id=id_of(carrier),
            month=PERIOD_START,
            pairs=[],
            load=lambda _: load(session, carrier),
        )


def test_name_other_work_in_examples(session: Session):
    carrier = make_month(session, matters=2)
    found = load(session, carrier)
    done = try_rules(parse_rules(RULES[:1]), found.bills, history=found.history)
    examples = named_examples(session, BILLER, done.rules[0])
    assert examples
    assert not any("[[" in example.sentence for example in examples)
    assert {example.amount for example in examples} <= {Decimal("427.50"), Decimal("997.50")}


@pytest.mark.mariadb
def test_mariadb_finds_the_same(mariadb_database: Database):
    with mariadb_database.unit_of_work() as session:
        carrier = make_month(session)
        expected = found_one_by_one(session)
        finalize(session, session.exec(select(Proforma)).all()[:2])
        found = load(session, carrier, whole_matters=True)
        assert (found.invoices, found.proformas) == (2, 1)
        assert tried(found, parse_rules(RULES)) == expected
        assert months_billed(session, BILLER, carrier_id=id_of(carrier)) == [PERIOD_START]
