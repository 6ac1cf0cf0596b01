"""Order, scope, days, history and permissions: what holds for every kind of rule."""

from datetime import date
from decimal import Decimal

import pytest

from guidelines.engine import History, RuleBook, check
from guidelines.fixes import CutRate, CutUnits
from guidelines.rules import Action, parse_rules
from tests.guidelines.builders import found, make_bill, make_cost, make_line, make_past, make_permission

RATE = {"kind": "rate_cap", "action": "reduce"}
DAY = {"kind": "max_hours_per_day", "hours": "12"}
DEAR = make_line(unit_cost=Decimal(300))
LONG = make_line(units=Decimal(13))
AGED = {"kind": "max_invoice_age", "days": 30}


def test_check_orders_findings_by_bill_then_line_then_rule():
    rules = parse_rules([{"kind": "missing_code", "action": "block"}, RATE, {**AGED, "action": "warn"}])
    lines = [make_line(key=key, task_code="", unit_cost=Decimal(300)) for key in ("a", "b")]
    broken = check(rules, lines, bill=make_bill(submitted_on=date(2026, 12, 24)))
    assert [(one.line_key, one.rule) for one in broken] == [
        ("", "max_invoice_age"),
        ("a", "missing_code"),
        ("a", "rate_cap"),
        ("b", "missing_code"),
        ("b", "rate_cap"),
    ]


def test_check_starts_each_bill_afresh():
    book = RuleBook(parse_rules([{**DAY, "action": "warn"}]))
    lines = [make_line(units=Decimal(10))]
    assert book.check(lines, bill=make_bill()) == book.check(lines, bill=make_bill()) == []


def test_check_serves_an_entry_that_is_being_typed():
    typed = make_bill(submitted_on=None, period_start=None, period_end=None)
    assert [one.rule for one in found(DAY, make_line(units=Decimal(12)), bill=typed, history=[make_past()])] == [
        "max_hours_per_day"
    ]


def test_check_shares_one_history_among_bills():
    past = History([make_past(source=f"time:{number}", units=Decimal(5)) for number in (1, 2, 3)])
    book = RuleBook(parse_rules([{**DAY, "action": "warn"}]))
    own = make_line(source="time:1", units=Decimal(5))
    assert len(book.check([own], bill=make_bill(), history=past)) == 1
    assert book.check([own, make_line(source="time:2", units=Decimal(2))], bill=make_bill(), history=past) == []


@pytest.mark.parametrize(
    ("days", "is_found"),
    [
        ({"effective_from": "2026-10-05"}, True),
        ({"effective_from": "2026-10-06"}, False),
        ({"effective_to": "2026-10-05"}, True),
        ({"effective_to": "2026-10-04"}, False),
    ],
)
def test_check_holds_a_rule_by_the_day_of_work(days, is_found):
    assert bool(found({**RATE, **days}, DEAR)) is is_found
    assert bool(found({**AGED, **days}, DEAR, bill=make_bill(submitted_on=date(2026, 12, 24)))) is is_found


@pytest.mark.parametrize(
    ("scope", "is_found"),
    [
        ({"clients": ["HARBOR"]}, True),
        ({"clients": ["KEYSTN"]}, False),
        ({"matters": ["2024-00017"]}, True),
        ({"clients": ["HARBOR"], "matters": ["2024-00018"]}, False),
    ],
)
def test_check_holds_a_rule_in_its_scope(scope, is_found):
    assert bool(found({**RATE, "scope": scope}, DEAR)) is is_found


def test_check_names_the_rule_and_cites_the_guideline():
    (finding,) = found({**RATE, "id": "rates_2026", "citation": "section 4.2"}, DEAR)
    assert (finding.rule, finding.rule_id) == ("rate_cap", "rates_2026")
    assert finding.sentence.endswith(" See section 4.2.")


@pytest.mark.parametrize(
    "permission",
    [
        make_permission("rate_cap"),
        make_permission("rates_2026"),
        make_permission("rate_cap", matter="2024-00017", timekeeper_id="TK012"),
        make_permission("rate_cap", work_from=date(2026, 10, 5), work_to=date(2026, 10, 5)),
        make_permission("rate_cap", limit=Decimal(300)),
    ],
)
def test_check_quotes_the_permission_that_lifts_a_rule(permission):
    (finding,) = found({**RATE, "id": "rates_2026"}, DEAR, exceptions=[permission])
    assert (finding.action, finding.exception, finding.fix) == (Action.ALLOWED, permission, None)
    assert finding.sentence == (
        "The rate is $300.00 an hour; $285.00 is approved. Allowed by Dana Wells on 2026-09-30."
    )


@pytest.mark.parametrize(
    "permission",
    [
        make_permission("missing_code"),
        make_permission("rate_cap", matter="2024-00018"),
        make_permission("rate_cap", timekeeper_id="TK013"),
        make_permission("rate_cap", work_from=date(2026, 10, 6)),
        make_permission("rate_cap", work_to=date(2026, 10, 4)),
    ],
)
def test_check_leaves_a_rule_in_force_where_a_permission_is_for_something_else(permission):
    (finding,) = found(RATE, DEAR, exceptions=[permission])
    assert (finding.action, finding.exception) == (Action.REDUCE, None)
    assert "Allowed" not in finding.sentence


def test_check_holds_the_rule_again_above_a_permissions_limit():
    permission = make_permission("rate_cap", limit=Decimal("290.00"), reference="e-mail of 2026-09-30")
    (finding,) = found(RATE, DEAR, exceptions=[permission])
    assert (finding.action, finding.exception, finding.fix) == (Action.REDUCE, None, CutRate(Decimal("290.00")))
    assert "Allowed by Dana Wells on 2026-09-30 (e-mail of 2026-09-30). That holds up to 290." in finding.sentence


def test_check_cuts_no_deeper_than_the_rule_where_a_permission_is_smaller_than_it():
    (finding,) = found(RATE, DEAR, exceptions=[make_permission("rate_cap", limit=Decimal(100))])
    assert finding.fix == CutRate(Decimal("285.00"))


def test_check_counts_a_days_hours_against_a_permissions_limit():
    permission = make_permission("max_hours_per_day", limit=Decimal(14))
    assert found(DAY, LONG, exceptions=[permission])[0].action is Action.ALLOWED
    (finding,) = found(DAY, LONG, exceptions=[permission], history=[make_past(units=Decimal(2))])
    assert finding.fix == CutUnits(Decimal(12))


def test_check_lets_nobody_work_more_than_24_hours():
    line = make_line(units=Decimal("24.1"))
    (finding,) = found(DAY, line, exceptions=[make_permission("max_hours_per_day")])
    assert (finding.action, finding.fix) == (Action.BLOCK, CutUnits(Decimal(12)))


def test_check_does_not_lift_what_has_no_measure_by_a_permission_with_a_limit():
    line = make_line(task_code="")
    (finding,) = found({"kind": "missing_code"}, line, exceptions=[make_permission("missing_code", limit=Decimal(1))])
    assert finding.action is Action.WARN


def test_check_lifts_a_rule_of_the_whole_bill():
    bill = make_bill(submitted_on=date(2026, 12, 24))
    (finding,) = found(AGED, make_cost(), bill=bill, exceptions=[make_permission("max_invoice_age")])
    assert finding.action is Action.ALLOWED
    person = make_permission("max_invoice_age", timekeeper_id="TK012")
    assert found(AGED, make_cost(), bill=bill, exceptions=[person])[0].action is Action.WARN
