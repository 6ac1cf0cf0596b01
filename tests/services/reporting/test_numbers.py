"""Every number of every report equals one that plain SQL finds, for the firm, an attorney, a carrier, and both."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from core.clock import now, today
from services.actor import Actor
from services.asked import Asked
from services.reporting.reports import make_report
from services.reporting.table import ReportTable
from tests.services.reporting.firm import Firm
from tests.services.reporting.raw import DECIDED, LIVE, Raw

ZERO: Any = Decimal("0.00")
Question = Callable[[Firm], tuple[Actor, dict[str, str], Raw]]


def _raw(firm: Firm, **narrowed: Any) -> Raw:
    return Raw(firm.database, firm.period.end.replace(day=1), firm.period.end, **narrowed)


def _whole(firm: Firm) -> tuple[Actor, dict[str, str], Raw]:
    return firm.biller, {}, _raw(firm)


def _of_attorney(firm: Firm) -> tuple[Actor, dict[str, str], Raw]:
    return firm.biller, {"attorney": str(_busiest(firm))}, _raw(firm, attorney_id=_busiest(firm))


def _as_attorney(firm: Firm) -> tuple[Actor, dict[str, str], Raw]:
    """An attorney who asks for a colleague's numbers gets none but his or her own."""
    who = next(actor for actor in firm.attorneys if actor.user_id == _busiest(firm))
    return who, {}, _raw(firm, attorney_id=who.user_id)


def _of_carrier(firm: Firm) -> tuple[Actor, dict[str, str], Raw]:
    carrier_id = _carrier(firm)
    return firm.biller, {"carrier": str(carrier_id)}, _raw(firm, carrier_id=carrier_id)


def _of_both(firm: Firm) -> tuple[Actor, dict[str, str], Raw]:
    asked = {"carrier": str(_carrier(firm)), "attorney": str(_busiest(firm))}
    return firm.biller, asked, _raw(firm, carrier_id=_carrier(firm), attorney_id=_busiest(firm))


def _busiest(firm: Firm) -> int:
    rows = _raw(firm).rows(
        "SELECT m.responsible_attorney_id, COUNT(*) FROM invoice i JOIN matter m ON m.id = i.matter_id "
        "GROUP BY m.responsible_attorney_id ORDER BY 2 DESC, 1"
    )
    return rows[0][0]


def _carrier(firm: Firm) -> int:
    return _raw(firm).rows("SELECT carrier_id, COUNT(*) FROM invoice GROUP BY carrier_id ORDER BY 2 DESC, 1")[0][0]


QUESTIONS = {
    "whole firm": _whole,
    "an attorney": _of_attorney,
    "as an attorney": _as_attorney,
    "a carrier": _of_carrier,
    "both": _of_both,
}


@pytest.fixture(params=QUESTIONS)
def question(request: pytest.FixtureRequest) -> Question:
    return QUESTIONS[request.param]


def tables_of(firm: Firm, name: str, who: Actor, asked: dict[str, str]) -> dict[str, ReportTable]:
    address = {"from": firm.month, "to": firm.month, **asked}
    with firm.database.read_only() as session:
        _, _, tables = make_report(session, who, name=name, asked=Asked(address))
    return {table.name: table for table in tables}


def by_name(table: ReportTable) -> dict[Any, tuple]:
    return {row[0]: tuple(row[1:]) for row in table.rows}


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def sums(raw: Raw, statement: str) -> dict[Any, tuple]:
    return {key: tuple(map(raw.money, amounts)) for key, *amounts in raw.rows(statement)}


@pytest.mark.parametrize(("table", "name"), [("attorney", "u.name"), ("carrier", "c.name"), ("matter", "m.number")])
def test_realisation(firm: Firm, question: Question, table: str, name: str) -> None:
    who, asked, raw = question(firm)
    joins = (
        "JOIN matter m ON m.id = i.matter_id JOIN carrier c ON c.id = i.carrier_id "
        "JOIN app_user u ON u.id = m.responsible_attorney_id JOIN proforma p ON p.id = i.proforma_id"
    )
    work = sums(
        raw,
        f"SELECT {name}, SUM(l.worked_amount), SUM(l.entered_amount) FROM proforma_line l "
        f"JOIN invoice i ON i.proforma_id = l.proforma_id {joins} "
        f"WHERE l.treatment <> 'hold' AND {LIVE} AND {raw.months} AND {raw.where} AND NOT EXISTS ("
        "SELECT 1 FROM invoice j WHERE j.proforma_id = i.proforma_id AND j.id < i.id "
        f"AND j.document_status NOT IN ('voided', 'superseded')) GROUP BY {name}",
    )
    bills = sums(
        raw,
        f"SELECT {name}, SUM(i.total_amount), SUM(CASE WHEN {DECIDED} THEN 0 ELSE i.total_amount END), "
        f"SUM(CASE WHEN {DECIDED} THEN COALESCE(i.approved_amount, 0) ELSE 0 END), "
        "SUM(CASE WHEN i.cash_status = 'paid' THEN COALESCE(i.approved_amount, i.total_amount) ELSE 0 END) "
        f"FROM invoice i {joins} WHERE {LIVE} AND {raw.months} AND {raw.where} GROUP BY {name}",
    )
    found = tables_of(firm, "realisation", who, asked)[table]
    expected: dict[Any, Any] = {}
    for key in work.keys() | bills.keys():
        worked, entered = work.get(key, (ZERO, ZERO))
        billed, waiting, approved, paid = bills.get(key, (ZERO,) * 4)
        shares = percent(billed, worked), percent(approved, billed - waiting)
        expected[key] = (worked, entered, billed, shares[0], waiting, approved, shares[1], paid)
    assert by_name(found) == expected
    assert expected
    for at in (1, 2, 3, 5, 6, 8):
        assert found.total[at] == sum((row[at - 1] for row in expected.values()), start=ZERO)


def test_realisation_comes_to_the_same_by_every_way(firm: Firm) -> None:
    tables = tables_of(firm, "realisation", firm.biller, {})
    assert tables["attorney"].total[1:] == tables["carrier"].total[1:] == tables["matter"].total[1:]


def _changed_lines(raw: Raw, columns: str, where: str, group: str) -> list[tuple]:
    return raw.rows(
        f"SELECT {columns} FROM proforma_line l JOIN proforma p ON p.id = l.proforma_id "
        "JOIN matter m ON m.id = p.matter_id JOIN app_user u ON u.id = m.responsible_attorney_id "
        "JOIN invoice i ON i.id = (SELECT MIN(j.id) FROM invoice j WHERE j.proforma_id = p.id "
        "AND j.document_status NOT IN ('voided', 'superseded')) "
        f"WHERE l.treatment <> 'hold' AND {raw.months} AND {raw.where} AND {where} {group}"
    )


def test_write_downs_by_attorney(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    billed = "CASE WHEN l.treatment = 'bill' THEN l.billed_amount ELSE 0 END"
    rows = _changed_lines(
        raw,
        f"u.name, SUM(l.entered_amount), SUM({billed}), "
        f"SUM(CASE WHEN l.split_from_id IS NULL AND {billed} <> l.entered_amount THEN 1 ELSE 0 END)",
        "1 = 1",
        "GROUP BY u.id, u.name",
    )
    expected = {}
    for name, entered, kept, lines in rows:
        whole, part = raw.money(entered), raw.money(kept)
        expected[name] = (whole, part, whole - part, percent(whole - part, whole), int(lines))
    assert by_name(tables_of(firm, "write-downs", who, asked)["attorney"]) == expected
    assert expected


def test_write_downs_by_reason(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    whole = "l.split_from_id IS NULL AND l.treatment = 'bill'"
    taken = {
        "Written off": ("l.entered_amount", "l.split_from_id IS NULL AND l.treatment = 'write_off'"),
        "Fewer hours or units": (
            "l.entered_amount - l.billed_amount + l.adjustment_amount", f"{whole} AND l.billed_units < l.entered_units"
        ),
        "A lower rate": (
            "l.entered_amount - l.billed_amount + l.adjustment_amount", f"{whole} AND l.billed_units >= l.entered_units"
        ),
        "A discount or an adjustment": ("-l.adjustment_amount", whole),
        "Fewer hours in a split": (
            (
                "CASE WHEN l.split_from_id IS NULL THEN l.entered_amount "
                "WHEN l.treatment = 'bill' THEN -l.billed_amount ELSE 0 END"
            ),
            "(l.split_from_id IS NOT NULL OR l.treatment = 'split')",
        ),
    }  # fmt: skip
    expected = {}
    for reason, (amount, where) in taken.items():
        counted = f"SUM(CASE WHEN {amount} <> 0 AND l.split_from_id IS NULL THEN 1 ELSE 0 END)"
        [[found, lines]] = _changed_lines(raw, f"SUM({amount}), {counted}", where, "")
        if raw.money(found) or lines:
            expected[reason] = (raw.money(found), int(lines))
    table = tables_of(firm, "write-downs", who, asked)["reason"]
    assert {row[0]: (row[1], row[3]) for row in table.rows} == expected
    everything = sum((amount for amount, _ in expected.values()), start=ZERO)
    assert table.total[1] == everything == tables_of(firm, "write-downs", who, asked)["attorney"].total[3]
    assert [row[2] for row in table.rows] == [percent(row[1], everything) for row in table.rows]


def test_acceptance(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    counts = ", ".join(
        f"SUM(CASE WHEN i.decision_status = '{status}' THEN 1 ELSE 0 END)"
        for status in ("approved", "reduced", "disputed", "rejected")
    )
    rows = raw.rows(
        f"SELECT c.name, COUNT(*), {counts}, SUM(i.total_amount), SUM(COALESCE(i.approved_amount, 0)) FROM invoice i "
        "JOIN matter m ON m.id = i.matter_id JOIN carrier c ON c.id = i.carrier_id "
        "JOIN proforma p ON p.id = i.proforma_id WHERE i.decision_status NOT IN ('none', 'pending') "
        f"AND {LIVE} AND {raw.months} AND {raw.where} GROUP BY c.name"
    )
    expected = {}
    for name, *found in rows:
        answered, approved, reduced, disputed, rejected = map(int, found[:5])
        billed, paid = map(raw.money, found[5:])
        shares = percent(Decimal(approved), Decimal(answered)), percent(paid, billed)
        expected[name] = (answered, approved, reduced, disputed, rejected, shares[0], billed, paid, shares[1])
    assert by_name(tables_of(firm, "acceptance", who, asked)["acceptance"]) == expected


def _ages(raw: Raw, where: str, edges: tuple[int, ...]) -> list[tuple]:
    """Return (count, dollars) of the invoices between each two ages in whole days."""
    since = "COALESCE(i.delivered_at, i.finalized_at)"
    found = []
    for start, end in zip((0, *edges), (*edges, 100_000), strict=True):
        newest, oldest = now() - timedelta(days=start), now() - timedelta(days=end)
        instants = f"{since} > '{oldest:%Y-%m-%d %H:%M:%S.%f}'"
        if start:
            instants += f" AND {since} <= '{newest:%Y-%m-%d %H:%M:%S.%f}'"
        [[count, amount]] = raw.rows(
            "SELECT COUNT(*), SUM(i.total_amount) FROM invoice i JOIN matter m ON m.id = i.matter_id "
            f"WHERE {where} AND {instants} AND {raw.where}"
        )
        found.append((count, raw.money(amount)))
    return found


def test_ageing(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    tables = tables_of(firm, "ageing", who, asked)
    owed = f"i.cash_status IN ('unpaid', 'short_paid') AND {LIVE}"
    idle = "i.document_status = 'delivered' AND i.decision_status IN ('pending', 'disputed')"
    assert [tuple(row[1:]) for row in tables["owed"].rows] == _ages(raw, owed, (31, 61, 91))
    assert [tuple(row[1:]) for row in tables["decision"].rows] == _ages(raw, idle, (16, 31, 46))
    by_carrier = sums(
        raw,
        "SELECT c.name, SUM(i.total_amount) FROM invoice i JOIN matter m ON m.id = i.matter_id "
        f"JOIN carrier c ON c.id = i.carrier_id WHERE {owed} AND {raw.where} GROUP BY c.name",
    )
    assert {row[0]: (row[-1],) for row in tables["carriers"].rows} == by_carrier
    for row in tables["carriers"].rows:
        assert row[-1] == sum(row[1:-1], start=ZERO)


def test_ageing_of_the_firm_reaches_every_bucket(firm: Firm) -> None:
    tables = tables_of(firm, "ageing", firm.biller, {})
    assert all(row[1] for row in tables["owed"].rows)
    assert sum(bool(row[1]) for row in tables["decision"].rows) >= 2


def test_burn_down(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    table = tables_of(firm, "cycle", who, asked)["burn-down"]
    waiting = raw.one(
        "SELECT COUNT(*) FROM proforma p JOIN matter m ON m.id = p.matter_id "
        f"WHERE p.status NOT IN ('voided', 'finalized') AND {raw.months} AND {raw.whose} AND {raw.pays}"
    )
    bills = raw.rows(
        f"SELECT {raw.day('i.finalized_at')}, {raw.day('i.delivered_at')} FROM invoice i "
        "JOIN matter m ON m.id = i.matter_id JOIN proforma p ON p.id = i.proforma_id "
        f"WHERE {LIVE} AND {raw.months} AND {raw.where}"
    )
    assert table.rows[0][0] == firm.period.end + timedelta(days=1)
    closes = raw.closes
    assert table.rows[-1][0] >= min(today(), closes)
    for day, to_make, to_deliver, delivered, left, planned in table.rows:
        made_by = sum(made <= f"{day}" for made, _ in bills)
        gone_by = sum(gone is not None and gone <= f"{day}" for _, gone in bills)
        assert (to_make, to_deliver, delivered) == (waiting + len(bills) - made_by, made_by - gone_by, gone_by)
        assert left == waiting + len(bills) - gone_by
        share = Fraction(max((closes - day).days, 0), (closes - firm.period.end).days) * (waiting + len(bills))
        assert planned == floor(share + Fraction(1, 2))
    assert {row[5] for row in table.rows} != {0} or not table.rows


def test_how_the_bills_stand(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    proformas = raw.rows(
        "SELECT p.status, COUNT(*), SUM(p.billed_amount) FROM proforma p JOIN matter m ON m.id = p.matter_id "
        f"WHERE p.status NOT IN ('voided', 'finalized') AND {raw.months} AND {raw.whose} AND {raw.pays} "
        "GROUP BY p.status"
    )
    invoices = raw.rows(
        "SELECT i.document_status, COUNT(*), SUM(i.total_amount) FROM invoice i JOIN matter m ON m.id = i.matter_id "
        f"JOIN proforma p ON p.id = i.proforma_id WHERE {LIVE} AND {raw.months} AND {raw.where} "
        "GROUP BY i.document_status"
    )
    words = {
        "draft": "Draft", "in_review": "In review", "returned": "Returned", "held": "Held", "approved": "Approved",
        "in_approval": "In approval",
        "open": "Invoice made, to deliver", "delivered": "Delivered",
    }  # fmt: skip
    expected = {words[state]: (count, raw.money(amount)) for state, count, amount in (*proformas, *invoices)}
    assert by_name(tables_of(firm, "cycle", who, asked)["states"]) == expected


def test_blocked(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    of_proformas = f"JOIN matter m ON m.id = p.matter_id WHERE {raw.whose} AND {raw.pays}"
    of_invoices = f"JOIN matter m ON m.id = i.matter_id WHERE i.document_status = 'open' AND {raw.where}"
    files = (
        "FROM submission s JOIN invoice i ON i.id = s.invoice_id "
        "JOIN app_user u ON u.id = COALESCE(s.decider_id, s.queued_by_id)"
    )
    mails = "FROM mailing g JOIN invoice i ON i.id = g.invoice_id JOIN app_user u ON u.id = g.queued_by_id"
    asks = {
        "Overdue for review": "SELECT u.name, COUNT(*), SUM(p.billed_amount) FROM proforma p JOIN app_user u ON "
        f"u.id = p.reviewer_id {of_proformas} AND p.status = 'in_review' AND p.due_on < '{today()}' GROUP BY u.name",
        "Returned, not corrected yet": "SELECT 'Billing', COUNT(*), SUM(p.billed_amount) FROM proforma p "
        f"{of_proformas} AND p.status = 'returned'",
        "Carrier or account paused": "SELECT c.name, COUNT(*), SUM(i.total_amount) FROM submission s "
        "JOIN invoice i ON i.id = s.invoice_id JOIN carrier c ON c.id = s.carrier_id "
        f"JOIN site_account a ON a.id = s.site_account_id {of_invoices} AND s.status = 'ready' "
        "AND (c.paused_at IS NOT NULL OR a.paused_at IS NOT NULL) GROUP BY c.name",
    }
    amounts = "SELECT u.name, COUNT(*), SUM(i.total_amount)"
    stopped = {
        "in_doubt": "File in doubt",
        "needs_attention": "File needs attention",
        "refused": "File refused by the site",
    }
    for status, word in stopped.items():
        asks[word] = f"{amounts} {files} {of_invoices} AND s.status = '{status}' GROUP BY u.name"
    for status, word in (("in_doubt", "Mail in doubt"), ("needs_attention", "Mail stopped")):
        asks[word] = f"{amounts} {mails} {of_invoices} AND g.status = '{status}' GROUP BY u.name"
    expected = {
        (word, name): (count, raw.money(amount))
        for word, statement in asks.items()
        for name, count, amount in raw.rows(statement)
        if count
    }
    table = tables_of(firm, "blocked", who, asked)["blocked"]
    assert {(row[0], row[1]): (row[2], row[3]) for row in table.rows} == expected
    assert table.total[2] == sum(count for count, _ in expected.values())


def test_blocked_of_the_firm_has_several_reasons(firm: Firm) -> None:
    assert len({row[0] for row in tables_of(firm, "blocked", firm.biller, {})["blocked"].rows}) >= 5


def _durations(raw: Raw, start: str, end: str, group: str = "'all'") -> dict[Any, list[Decimal]]:
    approved = (
        "(SELECT MAX(e.at) FROM audit_event e WHERE e.tag = 'proforma:approve' AND e.subject_type = 'proforma' "
        "AND e.subject_id = p.id)"
    )
    places = {"approved": approved, "made": "i.finalized_at", "sent": "i.delivered_at", "answered": "i.decided_at",
              "proforma": "p.created_at", "month": f"'{raw.last + timedelta(days=1)} 00:00:00'"}  # fmt: skip
    begin, finish = places[start], places[end]
    rows = raw.rows(
        f"SELECT {group}, {raw.seconds(begin, finish)} FROM invoice i JOIN matter m ON m.id = i.matter_id "
        "JOIN carrier c ON c.id = i.carrier_id JOIN app_user u ON u.id = m.responsible_attorney_id "
        f"JOIN proforma p ON p.id = i.proforma_id WHERE {LIVE} AND {raw.months} AND {raw.where} "
        f"AND {begin} IS NOT NULL AND {finish} IS NOT NULL"
    )
    found: dict[Any, list[Decimal]] = defaultdict(list)
    for key, seconds in rows:
        days = (Decimal(max(int(seconds), 0)) / 86_400).quantize(Decimal("0.1"), ROUND_HALF_UP)
        found[key].append(days)
    return found


def _nearest_rank(values: list[Decimal], percent_of: int) -> Decimal:
    """The first value, in order, that at least so many percent do not exceed."""
    return min(one for one in values if sum(other <= one for other in values) * 100 >= percent_of * len(values))


def _figures(values: list[Decimal]) -> tuple:
    return len(values), _nearest_rank(values, 50), _nearest_rank(values, 90), max(values)


def test_cycle_time(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    tables = tables_of(firm, "cycle-time", who, asked)
    stages = [("month", "proforma"), ("proforma", "approved"), ("approved", "made"), ("made", "sent"),
              ("sent", "answered"), ("month", "sent")]  # fmt: skip
    expected = [_figures(found) for stage in stages for found in _durations(raw, *stage).values()]
    assert [tuple(row[1:]) for row in tables["stages"].rows] == expected
    reviews = _durations(raw, "proforma", "approved", "u.name")
    answers = _durations(raw, "sent", "answered", "c.name")
    assert by_name(tables["attorney"]) == {name: _figures(found) for name, found in reviews.items()}
    assert by_name(tables["carrier"]) == {name: _figures(found) for name, found in answers.items()}


def test_hours_saved(firm: Firm, question: Question) -> None:
    who, asked, raw = question(firm)
    rows = raw.rows(
        "SELECT c.name, COUNT(*) FROM submission s JOIN invoice i ON i.id = s.invoice_id "
        "JOIN matter m ON m.id = i.matter_id JOIN carrier c ON c.id = s.carrier_id "
        "JOIN proforma p ON p.id = i.proforma_id WHERE s.status = 'delivered' AND s.receipt_source = 'site' "
        f"AND {raw.months} AND {raw.where} GROUP BY c.name"
    )
    hours = {name: (files, (Decimal(files) / 20).quantize(Decimal("0.1"), ROUND_HALF_UP)) for name, files in rows}
    tables = tables_of(firm, "hours-saved", who, asked)
    assert by_name(tables["carrier"]) == hours
    assert tables["month"].total[1] == sum(files for files, _ in hours.values())
    assert by_name(tables["month"]).keys() <= {firm.month}
