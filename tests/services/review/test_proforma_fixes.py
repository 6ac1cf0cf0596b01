"""Fixes that findings offer: each kind, who may press it, that it still holds, and that it can be undone."""

from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from guidelines.fixes import CutAmount, CutRate, CutUnits, Fix, SetCode, Split, WriteOff
from models import Carrier, GuidelineException, ProformaFinding, Timekeeper
from models.enums import FindingAction, LineTreatment, Role
from services.review import proforma_edits, proformas
from services.review.proforma_fixes import apply_fix
from services.review.proforma_permissions import Permission, allow_finding, take_back
from services.review.review_queue import flagged_lines
from services.rules.finding_fixes import read_fix, ready_fix, stored_fix
from services.rules.findings import CODE_NOT_TAKEN
from services.tables import table_of
from tests.builders import NOW, actor, id_of, make_rate, make_user
from tests.services.review.test_proforma_edits import Desk, make_desk, own_work

RATE_CAP = {"kind": "rate_cap", "action": "reduce"}
ONE_HOUR = {"kind": "max_hours_per_entry", "action": "reduce", "hours": "1.0"}
HALF_TRAVEL = {"kind": "travel_time", "action": "reduce", "percent": "50"}


def checked_desk(session: Session, *rules: dict[str, str], approved: str = "250.00", **line: Any) -> Desk:
    """A proforma checked against the rules, with a rate that the carrier has approved."""
    desk = make_desk(session, guidelines=list(rules))
    carrier = session.exec(select(Carrier)).one()
    make_rate(
        session, Decimal(approved), carrier=carrier, timekeeper=session.get_one(Timekeeper, desk.line.timekeeper_id)
    )
    own_work(desk).do(proforma_edits.edit_line, **{"task_code": "L250", **line})
    return desk


def first_finding(desk: Desk, rule: str = "") -> ProformaFinding:
    findings = desk.session.exec(select(ProformaFinding).order_by(ProformaFinding.id)).all()
    return next(found for found in findings if found.rule == rule or not rule)


def press(desk: Desk, rule: str = "", **given: Any) -> None:
    who, version = given.get("who", desk.attorney), given.get("version", desk.proforma.version)
    apply_fix(desk.session, who, finding_id=id_of(first_finding(desk, rule)), expected_version=version)


@pytest.mark.parametrize(
    "fix",
    [
        CutRate(Decimal("285.00")),
        CutUnits(Decimal("0.5")),
        CutAmount(Decimal("142.50")),
        WriteOff(),
        SetCode("task_code", "L330", "the narrative speaks of a deposition"),
        Split(("Draft the motion", "Call with the adjuster")),
    ],
)
def test_stored_fix_reads_back_as_it_was(fix: Fix) -> None:
    stored = stored_fix(fix)
    assert read_fix(stored) == fix
    shown = ready_fix(stored)
    assert shown is not None
    assert shown.is_one_click is not isinstance(fix, Split)


@pytest.mark.parametrize(
    ("rule", "amount", "units"),
    [(RATE_CAP, "375.00", "1.5"), (ONE_HOUR, "285.00", "1.0")],
)
def test_apply_fix_cuts_rate_or_hours(session: Session, rule: dict[str, str], amount: str, units: str) -> None:
    desk = checked_desk(session, rule)
    press(desk)
    assert (desk.line.billed_amount, desk.line.billed_units) == (Decimal(amount), Decimal(units))
    assert desk.line.entered_units == Decimal("1.5")
    assert desk.proforma.finding_count == 1


def test_apply_one_fix_after_another_in_one_transaction(session: Session) -> None:
    """The database may give the ids of the findings that are replaced to the new ones."""
    desk = checked_desk(session, RATE_CAP, ONE_HOUR)
    before = session.exec(select(ProformaFinding)).all()
    press(desk, "rate_cap")
    held = {(found.id, found.rule) for found in session.exec(select(ProformaFinding))}
    stored = table_of(ProformaFinding).c
    assert len(before) > len(held)
    assert held == {(found.id, found.rule) for found in session.connection().execute(select(stored.id, stored.rule))}
    press(desk, "max_hours_per_entry")
    assert (desk.line.billed_amount, desk.line.billed_units) == (Decimal("250.00"), Decimal("1.0"))


def test_apply_fix_reduces_the_amount_and_restoring_undoes_it(session: Session) -> None:
    desk = checked_desk(session, HALF_TRAVEL, approved="285.00", narrative="Travel to the inspection of the premises")
    press(desk, "travel_time")
    assert desk.line.billed_amount == Decimal("213.75")
    assert desk.line.billed_units == Decimal("1.5")
    desk.do(proforma_edits.restore_line)
    assert (desk.line.billed_amount, desk.line.adjustment_amount) == (Decimal("427.50"), Decimal(0))


def test_apply_fix_moves_a_code_to_the_one_that_the_carrier_takes_and_billing_may(session: Session) -> None:
    own = {"code": "HM240", "kind": "task", "label": "Motions", "effective_from": "2026-03-01", "replaces": "L240"}
    desk = make_desk(session, codes={"extra": [own]})
    own_work(desk).do(proforma_edits.edit_line, narrative="Draft motion for summary judgment on late notice")
    biller = actor(Role.BILLER, user_id=id_of(make_user(session)))
    press(desk, CODE_NOT_TAKEN, who=biller)
    assert (desk.line.task_code, desk.line.billed_amount) == ("HM240", Decimal("427.50"))
    assert desk.line.note.startswith("Fixed: ")


def test_apply_fix_refuses_a_fix_that_does_not_hold_any_more(session: Session) -> None:
    desk = checked_desk(session, ONE_HOUR)
    first_finding(desk).fix = stored_fix(CutUnits(Decimal("0.2")))
    session.flush()
    with pytest.raises(InvalidInputError, match="does not hold any more"):
        press(desk)
    assert desk.line.billed_units == Decimal("1.5")


def test_apply_fix_refuses_a_stale_version_and_billing(session: Session) -> None:
    desk = checked_desk(session, ONE_HOUR)
    with pytest.raises(StaleVersionError):
        press(desk, version=1)
    with pytest.raises(DeniedError, match="billing may fix codes"):
        press(desk, who=actor(Role.BILLER, user_id=id_of(make_user(session))))


def test_apply_fix_says_that_a_split_is_proposed(session: Session) -> None:
    rule = {"kind": "block_billing", "action": "reduce"}
    text = "Drafted motion to dismiss; telephone call with opposing counsel regarding depositions"
    desk = checked_desk(session, rule, narrative=text)
    assert isinstance(read_fix(first_finding(desk, "block_billing").fix), Split)
    with pytest.raises(WrongStateError, match="alone gives the hours"):
        press(desk, "block_billing")


def test_allow_finding_quotes_the_permission_and_counts_no_more(session: Session) -> None:
    desk = checked_desk(session, {**ONE_HOUR, "action": "block"})
    assert desk.proforma.finding_count == 2
    permission = Permission(handler="M. Ortiz", granted_on=NOW.date(), reference="e-mail of 3 October", everybody=True)
    version = desk.proforma.version
    finding_id = id_of(first_finding(desk))
    allow_finding(session, desk.attorney, finding_id=finding_id, expected_version=version, permission=permission)
    assert desk.proforma.finding_count == 0
    detail = proformas.get_proforma(session, desk.attorney, proforma_id=id_of(desk.proforma))
    (beside,) = detail.lines[0].findings
    assert beside.action is FindingAction.ALLOWED
    assert "Allowed by M. Ortiz" in beside.message
    assert "e-mail of 3 October" in beside.message
    assert flagged_lines(session, desk.attorney, proforma_ids=[id_of(desk.proforma)]) == {}
    proformas.approve_proforma(
        session, desk.attorney, proforma_id=id_of(desk.proforma), expected_version=desk.proforma.version
    )


def test_take_back_makes_the_rule_hold_again(session: Session) -> None:
    desk = checked_desk(session, ONE_HOUR)
    permission = Permission(handler="M. Ortiz", granted_on=NOW.date())
    finding_id = id_of(first_finding(desk))
    version = desk.proforma.version
    allow_finding(session, desk.attorney, finding_id=finding_id, expected_version=version, permission=permission)
    allowed = next(found for found in session.exec(select(ProformaFinding)) if found.action is FindingAction.ALLOWED)
    take_back(session, desk.attorney, finding_id=id_of(allowed), expected_version=desk.proforma.version)
    assert desk.proforma.finding_count == 2
    assert session.exec(select(GuidelineException)).one().revoked_at is not None


def test_an_attorney_allows_nothing_for_all_matters(session: Session) -> None:
    desk = checked_desk(session, ONE_HOUR)
    permission = Permission(handler="M. Ortiz", granted_on=NOW.date(), all_matters=True)
    with pytest.raises(DeniedError, match="one matter of their own"):
        allow_finding(
            session,
            desk.attorney,
            finding_id=id_of(first_finding(desk)),
            expected_version=desk.proforma.version,
            permission=permission,
        )


def test_write_off_fix_takes_the_line_off(session: Session) -> None:
    rule = {"kind": "duplicate_line", "action": "reduce"}
    desk = checked_desk(session, rule)
    press(desk, "duplicate_line")
    treatments = [
        line.treatment
        for line in proformas.get_proforma(session, desk.attorney, proforma_id=id_of(desk.proforma)).lines
    ]
    assert sorted(treatments) == [LineTreatment.BILL, LineTreatment.WRITE_OFF]
