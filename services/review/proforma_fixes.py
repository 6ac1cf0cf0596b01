"""Carrying out the fix that a finding offers: it only takes away or moves a code, and "Bill as entered" undoes it."""

from decimal import Decimal
from typing import assert_never

from sqlmodel import Session

from core.errors import InvalidInputError, WrongStateError
from core.money import ZERO, line_amount
from guidelines.fixes import CutAmount, CutRate, CutUnits, Fix, SetCode, Split, WriteOff
from models import Proforma, ProformaFinding, ProformaLine
from models.enums import EditKind, FindingAction, LineTreatment
from services import lifecycle
from services.actor import Actor
from services.review.line_edits import LineEdit, editing
from services.review.line_values import set_codes, set_unit_cost, set_units
from services.review.proforma_findings import check_proforma
from services.rules.finding_fixes import read_fix, stored_fix
from services.rules.past_references import with_names

_NOTE_LENGTH = 500


def apply_fix(session: Session, actor: Actor, *, finding_id: int, expected_version: int) -> Proforma:
    """Cut the rate, the units or the amount, write the line off, or move its code, as the finding proposes.

    The responsible attorney may carry out each, billing may move codes. The rule is asked again first.

    Raises:
        InvalidInputError: there is no ready fix, or it does not hold any more.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    finding: ProformaFinding = lifecycle.get(session, ProformaFinding, finding_id)
    fix, line_id = read_fix(finding.fix), finding.proforma_line_id
    rule_id, why = finding.rule_id, with_names(finding.message, {})
    if fix is None or line_id is None or finding.action is FindingAction.ALLOWED:
        raise InvalidInputError("This finding has no ready fix. Nothing was changed; edit the lines.")
    only_codes, note = isinstance(fix, SetCode), f"Fixed: {why}"[:_NOTE_LENGTH]
    kind = EditKind.FIX
    with editing(session, actor, line_id, expected_version, kind=kind, only_codes=only_codes, note=note) as edit:
        _check_still_offered(session, edit, rule_id, fix)
        _carry_out(session, edit, fix)
    return edit.proforma


def _check_still_offered(session: Session, edit: LineEdit, rule_id: str, fix: Fix) -> None:
    wanted = (str(edit.line.line_number), rule_id, stored_fix(fix))
    found = check_proforma(session, edit.proforma, edit.lines).findings
    if wanted not in [(one.line_key, one.rule_id, stored_fix(one.fix)) for one in found]:
        message = "This fix does not hold any more: the rules or other work have changed. Nothing was done; look again."
        raise InvalidInputError(message, rule=rule_id)


def _carry_out(session: Session, edit: LineEdit, fix: Fix) -> None:
    line = edit.line
    match fix:
        case CutRate(unit_cost):
            set_unit_cost(line, unit_cost)
        case CutUnits(units):
            set_units(line, units)
        case CutAmount(amount):
            _cut_amount(line, amount)
        case WriteOff():
            line.treatment = LineTreatment.WRITE_OFF
        case SetCode(field, code, _):
            set_codes(session, edit.proforma, line, {field: code})
        case Split():
            message = "A split is proposed to its timekeeper, who alone gives the hours. Nothing was changed."
            raise WrongStateError(message, line_id=line.id)
        case _:
            assert_never(fix)


def _cut_amount(line: ProformaLine, amount: Decimal) -> None:
    if not 0 < amount < line.billed_amount:
        raise InvalidInputError("The line bills no more than that. Nothing was changed; look again.")
    line.discount_percent, line.discount_amount = None, ZERO
    line.write_down_amount = line_amount(line.billed_units, line.unit_cost) - amount
