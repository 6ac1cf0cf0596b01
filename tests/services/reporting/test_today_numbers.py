"""Every number on Today equals one that plain SQL finds, as a biller, an administrator and an attorney see it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from core.clock import today
from core.money import as_dollars
from models.enums import Role
from services.actor import Actor
from state.today import Today
from tests.acting import acting_as, call, fresh_state
from tests.services.reporting.firm import Firm
from tests.services.reporting.raw import Raw

LIVE = "i.document_status NOT IN ('voided', 'superseded')"
ROLES = ("biller", "admin", "attorney", "reviewer")
"""An attorney with many bills, and one with whom proformas wait."""


@pytest.fixture(params=ROLES)
def viewer(request: pytest.FixtureRequest, firm: Firm) -> Iterator[tuple[Today, Raw, str]]:
    """Return the role that looks, and its condition on matters."""
    who = _viewer(firm, request.param)
    narrowed = {"attorney_id": who.user_id} if who.has(Role.ATTORNEY) else {}
    raw = Raw(firm.database, firm.period.end.replace(day=1), firm.period.end, **narrowed)
    with acting_as(*who.roles, user_id=who.user_id, name=who.name):
        yield fresh_state(Today, "/"), raw, request.param


def _viewer(firm: Firm, role: str) -> Actor:
    if role == "biller":
        return firm.biller
    if role == "admin":
        return Actor(firm.biller.user_id, "Omar Whitfield", frozenset({Role.ADMIN}))
    raw = Raw(firm.database, firm.period.end, firm.period.end)
    if role == "reviewer":
        ask = "SELECT p.reviewer_id, COUNT(*) FROM proforma p WHERE p.status = 'in_review' GROUP BY p.reviewer_id"
    else:
        ask = (
            "SELECT m.responsible_attorney_id, COUNT(*) FROM invoice i JOIN matter m ON m.id = i.matter_id "
            "GROUP BY m.responsible_attorney_id"
        )
    busiest = raw.rows(f"{ask} ORDER BY 2 DESC, 1")[0][0]
    return next(actor for actor in firm.attorneys if actor.user_id == busiest)


def _matters(raw: Raw, of: str) -> str:
    return f"JOIN matter m ON m.id = {of}.matter_id WHERE {raw.whose}"


def _plain(raw: Raw, amount: Any) -> str:
    return as_dollars(raw.money(amount))


async def test_cycle(viewer: tuple[Today, Raw, str]) -> None:
    state, raw, role = viewer
    await call(state, "load")
    month = f"{raw.last:%B %Y}"
    proformas = raw.rows(
        f"SELECT p.status, COUNT(*), SUM(p.billed_amount) FROM proforma p {_matters(raw, 'p')} AND {raw.months} "
        "AND p.status NOT IN ('voided', 'finalized') GROUP BY p.status"
    )
    invoices = raw.rows(
        "SELECT i.document_status, COUNT(*), SUM(i.total_amount) FROM invoice i "
        f"JOIN proforma p ON p.id = i.proforma_id {_matters(raw, 'i')} AND {raw.months} "
        "AND i.document_status IN ('open', 'delivered') GROUP BY i.document_status"
    )
    words = {
        "draft": "Draft", "in_review": "In review", "in_approval": "In approval", "returned": "Returned",
        "held": "Held", "approved": "Approved", "open": "To deliver", "delivered": "Delivered",
    }  # fmt: skip
    expected = {words[key]: (f"{count:,}", _plain(raw, amount)) for key, count, amount in (*proformas, *invoices)}
    assert {row.word: (row.count, row.amount) for row in state.cycle} == expected
    everything = sum(count for _, count, _ in (*proformas, *invoices))
    delivered = sum(count for key, count, _ in invoices if key == "delivered")
    assert (state.cycle_title, state.done_text) == (month, f"{delivered:,} of {everything:,}")
    assert state.days_left == f"{max((raw.closes - today()).days, 0)}"
    assert len(expected) >= (1 if role == "reviewer" else 2)


async def test_burn_down(viewer: tuple[Today, Raw, str]) -> None:
    state, raw, _ = viewer
    await call(state, "load")
    waiting = raw.one(
        f"SELECT COUNT(*) FROM proforma p {_matters(raw, 'p')} AND {raw.months} "
        "AND p.status NOT IN ('voided', 'finalized')"
    )
    gone = [
        day
        for (day,) in raw.rows(
            f"SELECT {raw.day('i.delivered_at')} FROM invoice i JOIN proforma p ON p.id = i.proforma_id "
            f"{_matters(raw, 'i')} AND {raw.months} AND {LIVE}"
        )
    ]
    total, day = waiting + len(gone), raw.last
    for point in state.burn_points:
        day += timedelta(days=1)
        assert point["name"] == f"{day.day} {day:%b}"
        left = total - sum(found is not None and found <= f"{day}" for found in gone)
        assert point["a"] == (left if day <= today() else None)
    assert day >= raw.closes
    assert len(gone) == total or day >= min(today(), raw.closes + timedelta(days=30))
    left_today = total - sum(found is not None and found <= f"{min(today(), day)}" for found in gone)
    assert f"{left_today:,} of {total:,} bill" in state.burn_summary
    assert state.burn_points[-1]["b"] == 0


async def test_blocked_and_by_whom(viewer: tuple[Today, Raw, str]) -> None:
    state, raw, role = viewer
    await call(state, "load")
    stands = f"JOIN matter m ON m.id = i.matter_id WHERE i.document_status = 'open' AND {raw.whose}"
    file = (
        "submission s JOIN invoice i ON i.id = s.invoice_id "
        "JOIN app_user u ON u.id = COALESCE(s.decider_id, s.queued_by_id)"
    )
    mail = "mailing g JOIN invoice i ON i.id = g.invoice_id JOIN app_user u ON u.id = g.queued_by_id"
    some = "u.name, COUNT(*), SUM(i.total_amount)"
    asks = {
        "Overdue for review": "SELECT u.name, COUNT(*), SUM(p.billed_amount) FROM proforma p "
        f"JOIN app_user u ON u.id = p.reviewer_id {_matters(raw, 'p')} AND p.status = 'in_review' "
        f"AND p.due_on < '{today()}' GROUP BY u.id, u.name",
        "Returned, not corrected yet": "SELECT 'Billing', COUNT(*), SUM(p.billed_amount) FROM proforma p "
        f"{_matters(raw, 'p')} AND p.status = 'returned' HAVING COUNT(*) > 0",
        "In doubt": f"SELECT {some} FROM {file} {stands} AND s.status = 'in_doubt' GROUP BY u.id, u.name",
        "Needs attention": f"SELECT {some} FROM {file} {stands} AND s.status = 'needs_attention' GROUP BY u.id, u.name",
        "Refused by the site": f"SELECT {some} FROM {file} {stands} AND s.status = 'refused' GROUP BY u.id, u.name",
        "Mail in doubt": f"SELECT {some} FROM {mail} {stands} AND g.status = 'in_doubt' GROUP BY u.id, u.name",
        "Mail stopped": f"SELECT {some} FROM {mail} {stands} AND g.status = 'needs_attention' GROUP BY u.id, u.name",
        "Carrier or account paused": "SELECT c.name, COUNT(*), SUM(i.total_amount) FROM submission s "
        "JOIN invoice i ON i.id = s.invoice_id JOIN carrier c ON c.id = s.carrier_id "
        f"JOIN site_account a ON a.id = s.site_account_id {stands} AND s.status = 'ready' "
        "AND (c.paused_at IS NOT NULL OR a.paused_at IS NOT NULL) GROUP BY c.id, c.name",
    }
    expected = sorted(
        (what, who, f"{count:,}", _plain(raw, amount))
        for what, ask in asks.items()
        for who, count, amount in raw.rows(ask)
    )
    assert sorted((row.what, row.who, row.count, row.amount) for row in state.blocked) == expected
    assert expected or role in ("attorney", "reviewer")


async def test_hours_saved(viewer: tuple[Today, Raw, str]) -> None:
    state, raw, _ = viewer
    await call(state, "load")
    new_year = datetime(today().year, 1, 1, tzinfo=UTC)
    files = raw.one(
        f"SELECT COUNT(*) FROM submission s JOIN invoice i ON i.id = s.invoice_id {_matters(raw, 'i')} "
        f"AND s.status = 'delivered' AND s.receipt_source = 'site' AND s.delivered_at >= '{new_year:%Y-%m-%d %H:%M:%S}'"
    )
    hours = (Decimal(files * 3) / 60).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert (state.hours_saved, state.hours_hint.split(" ")[0]) == (f"{hours:f}", f"{files:,}")


async def test_next_steps(viewer: tuple[Today, Raw, str]) -> None:
    state, raw, role = viewer
    await call(state, "load")
    proforma = "SELECT COUNT(*), SUM(p.billed_amount) FROM proforma p WHERE p.status ="
    file = (
        "SELECT COUNT(*), SUM(i.total_amount) FROM submission s JOIN invoice i ON i.id = s.invoice_id "
        "WHERE i.document_status = 'open' AND s.status ="
    )
    mail = "SELECT COUNT(*), SUM(i.total_amount) FROM mailing g JOIN invoice i ON i.id = g.invoice_id WHERE g.status ="
    asks = {
        "biller": {
            "Decide files in doubt": f"{file} 'in_doubt'",
            "Look at files that stopped": f"{file} 'needs_attention'",
            "Correct refused files": f"{file} 'refused'",
            "Decide mails in doubt": f"{mail} 'in_doubt'",
            "Look at mails that stopped": f"{mail} 'needs_attention'",
            "Print invoices for the post": f"{mail} 'ready' AND g.channel = 'paper'",
            "Post printed invoices": f"{mail} 'printed'",
            "Correct returned proformas": f"{proforma} 'returned'",
            "Make invoices of approved proformas": f"{proforma} 'approved'",
            "Send drafts to review": f"{proforma} 'draft'",
            "Queue finished invoices": "SELECT COUNT(*), SUM(i.total_amount) FROM invoice i "
            "JOIN invoice_revision r ON r.invoice_id = i.id AND r.number = i.revision_number "
            "WHERE i.document_status = 'open' "
            "AND NOT EXISTS (SELECT 1 FROM submission s WHERE s.invoice_revision_id = r.id) "
            "AND NOT EXISTS (SELECT 1 FROM mailing g WHERE g.invoice_revision_id = r.id)",
        },
        "admin": {
            "Approve proformas": "SELECT COUNT(*), SUM(p.billed_amount) FROM proforma_approval a "
            "JOIN proforma p ON p.id = a.proforma_id WHERE a.status = 'waiting' AND a.is_reviewer = 0 "
            "AND a.approver_kind = 'admin'",
            "Mend paused accounts": "SELECT COUNT(*), 0 FROM site_account a WHERE a.paused_at IS NOT NULL",
            "Mend paused carriers": "SELECT COUNT(*), 0 FROM carrier c WHERE c.paused_at IS NOT NULL",
            "Change passwords that end soon": "SELECT COUNT(*), 0 FROM site_account a "
            f"WHERE a.expires_on <= '{today() + timedelta(days=14)}'",
        },
    }.get(role, {})
    expected = {}
    for title, ask in asks.items():
        [(count, amount)] = raw.rows(ask)
        if count:
            expected[title] = (f"{count:,}", _plain(raw, amount) if amount else "")
    assert {row.title: (row.count, row.amount) for row in state.steps} == expected
    waits = sum(int(count.replace(",", "")) for count, _ in expected.values())
    if role in ("attorney", "reviewer"):
        waits = raw.one(
            f"SELECT COUNT(*) FROM proforma p WHERE p.status = 'in_review' AND p.reviewer_id = {raw.attorney_id}"
        )
    assert state.queue_count == (f"{waits:,}" if role != "admin" else "")
    assert bool(expected) == (role in ("biller", "admin"))


async def test_queue_of_attorney(firm: Firm) -> None:
    who = _viewer(firm, "reviewer")
    raw = Raw(firm.database, firm.period.end.replace(day=1), firm.period.end)
    with acting_as(*who.roles, user_id=who.user_id, name=who.name):
        state = fresh_state(Today, "/")
        await call(state, "load")
    rows = raw.rows(
        "SELECT m.number, p.billed_amount FROM proforma p JOIN matter m ON m.id = p.matter_id "
        f"WHERE p.status = 'in_review' AND p.reviewer_id = {who.user_id}"
    )
    found = {(row.matter_number, row.amount) for row in state.queue}
    assert found <= {(number, _plain(raw, amount)) for number, amount in rows}
    assert len(state.queue) == min(len(rows), 10)
