"""One line of a proforma under change: who may, when, how far, and every sum right again afterwards."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from core.errors import BillingError, DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from core.money import as_text, line_amount, round_half_up, to_decimal, total
from ledes.utbms import CodeKind, is_kind
from models import Proforma, ProformaLine, User
from models.enums import EntryKind, LineTreatment, ProformaStatus, Role
from services import audit, lifecycle
from services.actor import Actor
from services.billing.proforma_findings import CarrierView, carrier_view, leading_carrier, lines_of, recheck
from services.billing.proforma_queries import visible_proforma
from services.row_ids import row_id

EDITABLE = frozenset({ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED})
_AUDITED = ("billed_units", "unit_cost", "adjustment_amount", "billed_amount", "treatment")
_DECIMALS = 4
_CODES = ("task_code", "activity_code", "expense_code")


@dataclass
class LineEdit:
    """A line under change, among all the lines of its locked proforma."""

    proforma: Proforma
    lines: list[ProformaLine]
    line: ProformaLine

    def view(self, session: Session) -> CarrierView:
        """Return the proforma as its carrier sees it before the change."""
        return carrier_view(session, self.proforma, self.lines)


@contextmanager
def editing(
    session: Session,
    actor: Actor,
    line_id: int,
    expected_version: int,
    *,
    only_codes: bool = False,
    of_split: bool = False,
    note: str = "",
) -> Iterator[LineEdit]:
    """Lock the proforma, check who and when, let the caller change the line, then make all sums right again.

    A line that was split is not changed itself, its parts are; only `of_split` reaches it.
    """
    found: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma = visible_proforma(session, actor, found.proforma_id)
    session.refresh(proforma, with_for_update=True)
    check_may_edit(actor, proforma, only_codes=only_codes)
    check_open(proforma, expected_version)
    lines = lines_of(session, row_id(proforma))
    session.refresh(found)
    if found.treatment is LineTreatment.SPLIT and not of_split:
        message = "This line was split, so its parts are billed. Nothing was changed; change a part, or restore it."
        raise WrongStateError(message, line_id=line_id)
    edit = LineEdit(proforma, lines, found)
    before, narrative = _values(found), found.billed_narrative
    try:
        with session.no_autoflush:
            yield edit
            found.note = note or found.note
            _recompute(found)
    except BillingError:
        session.expire(found)
        raise
    settle(session, proforma, edit.lines)
    _record(session, actor, edit, before, narrative_changed=narrative != found.billed_narrative, note=note)


def settle(session: Session, proforma: Proforma, lines: list[ProformaLine]) -> None:
    """Make a proforma's sum, count, version and findings right after its lines have changed."""
    proforma.billed_amount = total(line.billed_amount for line in lines if line.treatment is LineTreatment.BILL)
    proforma.line_count = sum(line.treatment is not LineTreatment.SPLIT for line in lines)
    proforma.version += 1
    session.flush()
    proforma.finding_count = recheck(session, proforma, lines)
    session.flush()


def _record(
    session: Session, actor: Actor, edit: LineEdit, before: dict[str, str], *, narrative_changed: bool, note: str
) -> None:
    after = _values(edit.line)
    changed: dict[str, Any] = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if narrative_changed:
        changed["by_its_timekeeper"] = _is_own_work(session, actor, edit.line)
    audit.record(
        session,
        actor,
        "proforma:line_edited",
        "proforma",
        row_id(edit.proforma),
        note=note,
        line_number=edit.line.line_number,
        changed=changed,
        narrative_changed=narrative_changed,
    )


def check_may_edit(actor: Actor, proforma: Proforma, *, only_codes: bool = False) -> None:
    """Let the responsible attorney, and billing as far as codes.

    Raises:
        DeniedError: anybody else.
    """
    if actor.has(Role.ATTORNEY) and actor.user_id == proforma.reviewer_id:
        return
    if only_codes and actor.has(Role.BILLER):
        return
    message = "Only the matter's responsible attorney may change this; billing may fix codes. Nothing was changed."
    raise DeniedError(message, proforma_id=proforma.id)


def check_open(proforma: Proforma, expected_version: int | None) -> None:
    """Let an open proforma in the version that was seen.

    Raises:
        WrongStateError, StaleVersionError: otherwise.
    """
    if proforma.status not in EDITABLE:
        word = proforma.status.value.replace("_", " ")
        message = f"The proforma is {word}, so its lines cannot be changed. Nothing was changed; reopen it first."
        raise WrongStateError(message, status=proforma.status)
    if expected_version is not None and proforma.version != expected_version:
        message = "Somebody changed this since you opened it. Your change was not saved; look at the new state first."
        raise StaleVersionError(message, expected=expected_version, found=proforma.version)


def set_codes(session: Session, edit: LineEdit, codes: Mapping[str, str]) -> None:
    """Set codes by the name of their field: those of the UTBMS lists, and the carrier's own.

    Raises:
        InvalidInputError: a code is none of either, or belongs on the other kind of line.
    """
    line = edit.line
    belongs = _EXPENSE_CODES if line.kind is EntryKind.EXPENSE else _FEE_CODES
    for name, given in codes.items():
        code = given.strip().upper()
        kind = belongs.get(name)
        if kind is None and code:
            word = "an expense" if line.kind is EntryKind.EXPENSE else "a fee"
            raise InvalidInputError(f"A {name.replace('_', ' ')} does not belong on {word}. Nothing was changed.")
        if kind is not None and not is_kind(code, kind) and not _is_of_carrier(session, edit, code, kind):
            word = name.replace("_", " ")
            raise InvalidInputError(f"{code or 'Nothing'} is no {word} of the UTBMS lists. Nothing was changed.")
        setattr(line, name, code)


_FEE_CODES: Mapping[str, CodeKind] = {"task_code": "task", "activity_code": "activity"}
_EXPENSE_CODES: Mapping[str, CodeKind] = {"expense_code": "expense"}


def _is_of_carrier(session: Session, edit: LineEdit, code: str, kind: CodeKind) -> bool:
    if not code:
        return False
    _, active = leading_carrier(session, edit.proforma)
    return active.profile.codes.is_allowed(code, kind, edit.line.worked_on)


def checked_narrative(narrative: str) -> str:
    """Return a text for a line.

    Raises:
        InvalidInputError: it is empty.
    """
    text = narrative.strip()
    if not text:
        raise InvalidInputError("A line needs a narrative. Nothing was changed; write one, or write the line off.")
    return text


def exact(value: Decimal) -> Decimal:
    """Refuse what the columns could not keep: more than four decimals, or no number at all."""
    number = to_decimal(value)
    if number != round_half_up(number, _DECIMALS):
        raise InvalidInputError(f"{number:f} has too many digits; at most 4 decimals are kept. Nothing was changed.")
    return number


def set_units(line: ProformaLine, given: Decimal) -> None:
    """Bill this many hours or units; as many as were entered, at most.

    Raises:
        InvalidInputError: more, none, or too many digits.
    """
    units = exact(given)
    if units > line.entered_units:
        message = (
            f"Hours may go down, never up: {line.entered_units.normalize():f} were entered. "
            "Nothing was changed; more needs its timekeeper's own entry."
        )
        raise InvalidInputError(message)
    if units <= 0:
        raise InvalidInputError("A line without units cannot be billed. Nothing was changed; write it off instead.")
    line.billed_units = units


def set_unit_cost(line: ProformaLine, given: Decimal) -> None:
    """Bill at this rate, at most the one it has.

    Raises:
        InvalidInputError: a higher one, or none.
    """
    unit_cost = exact(given)
    if not 0 < unit_cost <= line.unit_cost:
        raise InvalidInputError("The rate may go down, never up, and not to nothing. Nothing was changed.")
    line.unit_cost = unit_cost


def _recompute(line: ProformaLine) -> None:
    amount = line_amount(line.billed_units, line.unit_cost, line.adjustment_amount)
    if amount <= 0 and line.treatment is LineTreatment.BILL:
        raise InvalidInputError("Nothing would be left of the line. Nothing was changed; write it off instead.")
    line.billed_amount = amount


def _values(line: ProformaLine) -> dict[str, str]:
    return {name: _text(getattr(line, name)) for name in (*_AUDITED, *_CODES)}


def _text(value: Any) -> str:  # noqa: ANN401 -- a column's value
    return (
        (as_text(value) if value == round_half_up(value) else f"{value:f}")
        if isinstance(value, Decimal)
        else str(value)
    )


def _is_own_work(session: Session, actor: Actor, line: ProformaLine) -> bool:
    user = session.get(User, actor.user_id) if actor.user_id is not None else None
    return user is not None and line.timekeeper_id is not None and user.timekeeper_id == line.timekeeper_id
