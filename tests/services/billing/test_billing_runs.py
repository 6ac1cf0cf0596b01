"""Billing runs: what is billed, what is left and why, and that the work does not grow a statement a proforma."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from core.db import Database
from core.errors import DeniedError, InvalidInputError, NotFoundError, WrongStateError
from models import AuditEvent, BillingRun, Matter, Proforma, ProformaFinding, ProformaLine, TimeEntry
from models.enums import EntryKind, EntryStatus, FindingAction, ProformaStatus, Role
from services.actor import Actor
from services.billing import billing_runs
from services.billing.billing_selection import Reason
from services.review import proformas
from tests.builders import (
    PERIOD_END,
    PERIOD_START,
    actor,
    id_of,
    make_billable_matter,
    make_biller,
    make_carrier,
    make_expense,
    make_matter,
    make_payor,
    make_rate,
    make_time_entry,
    make_timekeeper,
    make_user,
    profile_document,
)
from tests.services.counting import counted

PERIOD = {"period_start": PERIOD_START, "period_end": PERIOD_END}


def run(session: Session, who: Actor | None = None) -> BillingRun:
    return billing_runs.run_billing(session, who or make_biller(session), **PERIOD)


def preview(session: Session):
    return billing_runs.preview_run(session, make_biller(session), **PERIOD)


def lines_of(session: Session) -> list[ProformaLine]:
    return list(session.exec(select(ProformaLine).order_by(ProformaLine.id)))


def test_run_bills_what_the_preview_says(session: Session) -> None:
    matter = make_billable_matter(session, fees=3, expenses=1)
    promised = preview(session)
    run(session)
    proforma = session.exec(select(Proforma)).one()
    assert [(p.matter_id, p.line_count, p.amount) for p in promised.proformas] == [
        (proforma.matter_id, proforma.line_count, proforma.billed_amount)
    ]
    assert proforma.billed_amount == Decimal("1325.00") == 3 * Decimal("427.50") + Decimal("42.50")
    assert proforma.status is ProformaStatus.DRAFT
    assert proforma.reviewer_id == matter.responsible_attorney_id
    assert promised.line_count == 4
    assert not promised.obstacles


def test_run_keeps_worked_entered_and_billed(session: Session) -> None:
    matter = make_matter(session)
    timekeeper = make_timekeeper(session)
    make_rate(session, Decimal("100.00"), timekeeper=timekeeper)
    make_time_entry(session, matter=matter, timekeeper=timekeeper, worked_hours="2.0", hours="1.5")
    run(session)
    proforma = session.exec(select(Proforma)).one()
    assert (proforma.worked_amount, proforma.billed_amount) == (Decimal("200.00"), Decimal("150.00"))
    assert [line.entered_units for line in lines_of(session)] == [Decimal("1.5")]


def test_run_rounds_each_line_half_up(session: Session) -> None:
    matter = make_matter(session)
    timekeeper = make_timekeeper(session)
    make_rate(session, Decimal("255.25"), timekeeper=timekeeper)
    for hours in ("0.1", "0.3", "0.7"):
        make_time_entry(session, matter=matter, timekeeper=timekeeper, hours=hours)
    run(session)
    assert [line.billed_amount for line in lines_of(session)] == [Decimal(a) for a in ("25.53", "76.58", "178.68")]
    assert session.exec(select(Proforma)).one().billed_amount == Decimal("280.79")


def _close(session: Session, matter: Matter, entry: TimeEntry) -> None:
    session.connection().execute(Matter.__table__.update().values(status="closed"))


def _unrated(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_time_entry(session, matter=matter, timekeeper=make_timekeeper(session))


def _uncoded(session: Session, matter: Matter, entry: TimeEntry) -> None:
    entry.task_code = ""


def _without_activity(session: Session, matter: Matter, entry: TimeEntry) -> None:
    entry.activity_code = ""


def _uncoded_expense(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_expense(session, matter=matter, expense_code="")


def _draft(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_time_entry(session, matter=matter, status=EntryStatus.DRAFT)


def _submitted(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_time_entry(session, matter=matter, status=EntryStatus.SUBMITTED)


def _held(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_expense(session, matter=matter, status=EntryStatus.HELD)


def _confidential(session: Session, matter: Matter, entry: TimeEntry) -> None:
    entry.is_confidential = True


def _nothing(session: Session, matter: Matter, entry: TimeEntry) -> None:
    entry.entered_hours = Decimal(0)


def _early(session: Session, matter: Matter, entry: TimeEntry) -> None:
    entry.worked_on = PERIOD_START - timedelta(days=1)


def _more_shares(session: Session, matter: Matter, entry: TimeEntry) -> None:
    make_payor(session, matter, carrier_id=id_of(make_carrier(session)), percent="25")


@pytest.mark.parametrize(
    ("spoil", "reason", "lines_left", "is_billed"),
    [
        (_close, Reason.MATTER_CLOSED, 2, False),
        (_more_shares, Reason.SHARES_NOT_WHOLE, 2, False),
        (_unrated, Reason.MISSING_RATE, 1, True),
        (_uncoded, Reason.MISSING_CODE, 1, True),
        (_without_activity, Reason.MISSING_CODE, 1, True),
        (_uncoded_expense, Reason.MISSING_CODE, 1, True),
        (_draft, Reason.NOT_RELEASED, 1, True),
        (_submitted, Reason.NOT_RELEASED, 1, True),
        (_held, Reason.HELD, 1, True),
        (_confidential, Reason.CONFIDENTIAL, 1, True),
        (_nothing, Reason.NOTHING_ENTERED, 1, True),
        (_early, Reason.BEFORE_PERIOD, 1, True),
    ],
)
def test_preview_names_what_is_left_and_the_rest_bills(
    session: Session,
    spoil: Callable[[Session, Matter, TimeEntry], None],
    reason: Reason,
    lines_left: int,
    is_billed: bool,
) -> None:
    matter = make_billable_matter(session, fees=2, expenses=0)
    entry = session.exec(select(TimeEntry)).first()
    assert entry is not None
    spoil(session, matter, entry)
    session.flush()
    told = preview(session)
    assert [(o.reason, o.line_count, o.matter_number) for o in told.obstacles] == [(reason, lines_left, matter.number)]
    assert told.obstacles[0].owner
    assert told.obstacles[0].sentence.endswith(".")
    assert bool(told.proformas) is is_billed
    if is_billed:
        run(session)
        assert len(lines_of(session)) == told.line_count
    else:
        with pytest.raises(InvalidInputError, match="Nothing in this period is ready"):
            run(session)


def test_preview_names_a_carrier_without_profile(session: Session) -> None:
    make_billable_matter(session, carrier=make_carrier(session, with_profile=False))
    told = preview(session)
    assert [o.reason for o in told.obstacles] == [Reason.NO_CARRIER_PROFILE]
    assert told.blocked_amount == Decimal("897.50")


def test_run_leaves_what_is_on_a_live_proforma(session: Session) -> None:
    make_billable_matter(session, fees=2, expenses=1)
    run(session)
    told = preview(session)
    assert not told.proformas
    assert [(o.reason, o.line_count) for o in told.obstacles] == [(Reason.ON_LIVE_PROFORMA, 3)]


def test_run_takes_only_the_matters_asked_for(session: Session) -> None:
    wanted, other = make_billable_matter(session), make_billable_matter(session)
    billing_runs.run_billing(session, make_biller(session), **PERIOD, matter_ids=[id_of(wanted)])
    assert session.exec(select(Proforma.matter_id)).all() == [wanted.id] != [other.id]


def test_run_refuses_an_unknown_matter(session: Session) -> None:
    with pytest.raises(NotFoundError, match="is not there any more"):
        billing_runs.run_billing(session, make_biller(session), **PERIOD, matter_ids=[987654])


def test_run_refuses_a_reversed_period(session: Session) -> None:
    with pytest.raises(InvalidInputError, match="ends before it begins"):
        billing_runs.run_billing(session, make_biller(session), period_start=PERIOD_END, period_end=PERIOD_START)


@pytest.mark.parametrize("role", [Role.ATTORNEY, Role.ADMIN, Role.SYSTEM])
def test_run_refuses_other_roles(session: Session, role: Role) -> None:
    make_billable_matter(session)
    with pytest.raises(DeniedError, match="for the role biller"):
        run(session, actor(role, user_id=1))
    assert not session.exec(select(BillingRun)).all()


def test_run_stores_the_carriers_findings(session: Session) -> None:
    rules = [
        {"kind": "vague_narrative", "action": "block", "phrases": ["file review"]},
        {"kind": "max_hours_per_entry", "action": "reduce", "hours": "1.0"},
    ]
    carrier = make_carrier(session, profile=profile_document(guidelines=rules))
    matter = make_billable_matter(session, fees=1, expenses=1, carrier=carrier)
    entry = session.exec(select(TimeEntry)).one()
    entry.entered_narrative = "File review and notes for the carrier"
    session.flush()
    run(session)
    proforma = session.exec(select(Proforma).where(Proforma.matter_id == matter.id)).one()
    found = session.exec(select(ProformaFinding).order_by(ProformaFinding.id)).all()
    assert [(f.rule, f.action) for f in found] == [
        ("vague_narrative", FindingAction.BLOCK),
        ("max_hours_per_entry", FindingAction.REDUCE),
    ]
    assert proforma.finding_count == 2
    fee = next(line for line in lines_of(session) if line.kind is EntryKind.FEE)
    assert {f.proforma_line_id for f in found} == {fee.id}


def test_run_finds_codes_and_characters_the_carrier_cannot_take(session: Session) -> None:
    carrier = make_carrier(session, profile=profile_document(codes={"task": ["L110"]}))
    make_billable_matter(session, fees=1, expenses=0, carrier=carrier)
    entry = session.exec(select(TimeEntry)).one()
    entry.entered_narrative = "Draft motion with the \u2603 in it for the court"
    session.flush()
    run(session)
    assert sorted(f.rule for f in session.exec(select(ProformaFinding))) == ["characters", "code_not_taken"]


def test_send_run_to_review_moves_every_draft(session: Session) -> None:
    biller = make_biller(session)
    make_billable_matter(session)
    make_billable_matter(session)
    made = run(session, biller)
    assert billing_runs.send_run_to_review(session, biller, run_id=id_of(made)) == 2
    session.expire_all()
    assert {p.status for p in session.exec(select(Proforma))} == {ProformaStatus.IN_REVIEW}


def test_undo_run_frees_the_entries(session: Session) -> None:
    biller = make_biller(session)
    make_billable_matter(session)
    first = preview(session)
    made = run(session, biller)
    billing_runs.send_run_to_review(session, biller, run_id=id_of(made))
    assert billing_runs.undo_run(session, biller, run_id=id_of(made)) == 1
    assert preview(session) == first
    assert made.undone_at is not None
    with pytest.raises(WrongStateError, match="undone before"):
        billing_runs.undo_run(session, biller, run_id=id_of(made))


def test_undo_run_voids_approved_ones_too(session: Session) -> None:
    biller = make_biller(session)
    attorney = make_user(session, Role.ATTORNEY)
    make_billable_matter(session, attorney=attorney)
    made = run(session, biller)
    billing_runs.send_run_to_review(session, biller, run_id=id_of(made))
    proforma = session.exec(select(Proforma)).one()
    session.refresh(proforma)
    reviewer = Actor(attorney.id, attorney.name, frozenset({Role.ATTORNEY}))
    proformas.approve_proforma(session, reviewer, proforma_id=id_of(proforma), expected_version=proforma.version)
    billing_runs.undo_run(session, biller, run_id=id_of(made))
    session.refresh(proforma)
    assert proforma.status is ProformaStatus.VOIDED


def test_run_is_audited_without_narratives(session: Session) -> None:
    make_billable_matter(session)
    made = run(session)
    told = session.exec(select(AuditEvent).where(AuditEvent.subject_type == "billing_run")).one()
    assert (told.subject_id, told.tag) == (made.id, "billing_run:made")
    assert told.data["amount"] == "897.50"
    assert "motion" not in str(told.data)


def test_list_runs_counts_by_status(session: Session) -> None:
    biller = make_biller(session)
    make_billable_matter(session)
    run(session, biller)
    (row,) = billing_runs.list_runs(session, biller)
    assert row.proformas == {ProformaStatus.DRAFT: 1}
    assert row.billed_amount == Decimal("897.50")


def _statements_of_a_run(database: Database, matters: int) -> int:
    with database.unit_of_work() as session:
        carrier, timekeeper = make_carrier(session), make_timekeeper(session)
        for _ in range(matters):
            make_billable_matter(session, carrier=carrier, timekeeper=timekeeper)
        biller = make_biller(session)
    with database.unit_of_work() as session, counted(database) as statements:
        made = run(session, biller)
        billing_runs.send_run_to_review(session, biller, run_id=id_of(made))
        billing_runs.undo_run(session, biller, run_id=id_of(made))
    return len(statements)


def test_run_takes_as_many_statements_for_ten_as_for_a_hundred(database: Database) -> None:
    ten = _statements_of_a_run(database, 10)
    with database.unit_of_work() as session:
        for table in (ProformaLine, Proforma):
            session.connection().execute(table.__table__.delete())
        session.connection().execute(TimeEntry.__table__.update().values(status="draft"))
    assert _statements_of_a_run(database, 100) == ten < 45
