"""A proforma under change: who may, when, how far; every sum right again afterwards, and the step kept to be undone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

from sqlalchemy.orm import object_session
from sqlmodel import Session

from core.errors import DeniedError, InvalidInputError, StaleVersionError, WrongStateError
from core.money import ZERO, as_text, round_half_up, total
from models import Proforma, ProformaEdit, ProformaLine
from models.enums import EditKind, LineTreatment, ProformaStatus, Role
from services import audit, lifecycle
from services.actor import Actor
from services.review.approval_steps import follow
from services.review.edit_steps import Before, Image, LineChange, Records, changes_between, image_of, record_step
from services.review.line_values import CODES, DISCOUNTS, recompute
from services.review.own_work import is_own_work
from services.review.proforma_findings import CarrierView, carrier_view, lines_of, recheck
from services.review.proforma_queries import visible_proforma
from services.review.reviewers import acting, may_review
from services.review.standing_discounts import take_discounts
from services.row_ids import row_id

EDITABLE = frozenset({ProformaStatus.DRAFT, ProformaStatus.IN_REVIEW, ProformaStatus.RETURNED})
# Of these lines something else bills, or another bill does.
REPLACED = frozenset({LineTreatment.SPLIT, LineTreatment.COMBINED, LineTreatment.TRANSFER})
_AUDITED = ("billed_units", "unit_cost", "adjustment_amount", "billed_amount", "treatment", *CODES)
_REPLACED_BY = {
    LineTreatment.SPLIT: (
        "This line was split, so its parts are billed. Nothing was changed; change a part, or restore it."
    ),
    LineTreatment.COMBINED: "This expense is billed with others in one line. Nothing was changed; change that line.",
    LineTreatment.TRANSFER: "This line went to another matter. Nothing was changed; undo the transfer first.",
}


@dataclass
class Change:
    """A proforma under change. `lines` may grow or shrink; `worked_amount` is what comes to or leaves its worth."""

    proforma: Proforma
    lines: list[ProformaLine]
    records: Records = field(default_factory=Records)
    worked_amount: Decimal = ZERO
    undoes_id: int | None = None
    step: ProformaEdit | None = None

    def line(self, line_id: int) -> ProformaLine:
        """Return one of its lines.

        Raises:
            InvalidInputError: it has no such line.
        """
        found = next((line for line in self.lines if line.id == line_id), None)
        if found is None:
            raise InvalidInputError("A line you chose is not on this proforma any more. Nothing was changed.")
        return found

    def next_number(self) -> int:
        """Return the number of a line to be added."""
        return max((line.line_number for line in self.lines), default=0) + 1

    def view(self, session: Session) -> CarrierView:
        """Return the proforma as its carrier sees it."""
        return carrier_view(session, self.proforma, self.lines)

    def card_cost(self, session: Session, line: ProformaLine) -> Decimal | None:
        """Return the rate that the cards have for a line's timekeeper on its day; None where they have none."""
        view = self.view(session)
        hour = view.hours.get(str(line.line_number))
        return view.rates.find(hour) if hour else None


@dataclass
class LineEdit:
    """One line under change."""

    change: Change
    line: ProformaLine

    @property
    def proforma(self) -> Proforma:
        """Its proforma."""
        return self.change.proforma

    @property
    def lines(self) -> list[ProformaLine]:
        """All lines of its proforma."""
        return self.change.lines


@contextmanager
def changing(
    session: Session,
    actor: Actor,
    proforma_id: int,
    expected_version: int | None,
    *,
    kind: EditKind,
    only_codes: bool = False,
    is_attested: bool = False,
    note: str = "",
) -> Iterator[Change]:
    """Lock a proforma, check who and when, let the caller change it, make all sums right again and keep the step.

    `is_attested` is for a timekeeper's own word, whose right the caller has checked.

    Raises:
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    if is_attested:
        proforma: Proforma = lifecycle.get(session, Proforma, proforma_id, is_locked=True)
    else:
        proforma = visible_proforma(session, actor, proforma_id, is_locked=True)
        check_may_edit(actor, proforma, only_codes=only_codes)
        actor = acting(session, actor, proforma)
    check_open(proforma, expected_version)
    lines = lines_of(session, proforma_id)
    before, amount_before = Before(lines), proforma.billed_amount
    change = Change(proforma, list(lines))
    # A savepoint: what is refused half-way leaves nothing behind.
    with session.begin_nested():
        with session.no_autoflush:
            yield change
            _make_right(change, before)
            take_discounts(change.lines)
        proforma.worked_amount += change.worked_amount
        settle(session, proforma, change.lines)
        changes = changes_between(before, change.lines, change.records, worked_amount=change.worked_amount)
        change.step = record_step(
            session, actor, proforma, kind, changes, amount_before=amount_before, note=note, undoes_id=change.undoes_id
        )
        _record(session, actor, change, before, changes.lines, kind=kind, amount_before=amount_before, note=note)


@contextmanager
def editing(
    session: Session,
    actor: Actor,
    line_id: int,
    expected_version: int,
    *,
    kind: EditKind = EditKind.LINE,
    only_codes: bool = False,
    of_replaced: bool = False,
    note: str = "",
) -> Iterator[LineEdit]:
    """Change one line of a proforma, as `changing` does.

    A line that something else bills is not changed itself; only `of_replaced` reaches it.
    """
    found: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    with changing(
        session, actor, found.proforma_id, expected_version, kind=kind, only_codes=only_codes, note=note
    ) as change:
        line = change.line(line_id)
        if not of_replaced:
            check_stands(line)
        yield LineEdit(change, line)
        line.note = note or line.note


def check_stands(line: ProformaLine) -> None:
    """Let a line that stands for itself.

    Raises:
        WrongStateError: its parts, another line or another matter bill it.
        InvalidInputError: it is a discount on the whole bill.
    """
    if line.treatment in REPLACED:
        raise WrongStateError(_REPLACED_BY[line.treatment], line_id=line.id)
    if line.kind in DISCOUNTS:
        message = "A discount on the whole bill is given anew or taken away as such. Nothing was changed."
        raise InvalidInputError(message, line_id=line.id)


def settle(session: Session, proforma: Proforma, lines: Sequence[ProformaLine]) -> None:
    """Make a proforma's sum, count, version and findings right after its lines have changed: the one such function."""
    proforma.billed_amount = total(line.billed_amount for line in lines if line.treatment is LineTreatment.BILL)
    proforma.line_count = sum(line.treatment not in REPLACED for line in lines)
    proforma.version += 1
    proforma.edition += 1
    session.flush()
    follow(session, proforma)
    proforma.finding_count = recheck(session, proforma, list(lines))
    session.flush()


def check_may_edit(actor: Actor, proforma: Proforma, *, only_codes: bool = False) -> None:
    """Let the responsible attorney, who acts in that attorney's place, and billing as far as codes.

    Raises:
        DeniedError: anybody else.
    """
    if may_review(cast("Session", object_session(proforma)), actor, proforma):
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


def need_reason(note: str) -> None:
    """Let a step that takes money off a bill with its reason only.

    Raises:
        InvalidInputError: there is none.
    """
    if not note.strip():
        raise InvalidInputError("Taking money off a bill needs a reason. Nothing was changed; write one.")


def _make_right(change: Change, before: Before) -> None:
    for line in change.lines:
        if not before.is_still(line):
            recompute(line)


def _record(
    session: Session,
    actor: Actor,
    change: Change,
    before: Before,
    lines: Sequence[LineChange],
    *,
    kind: EditKind,
    amount_before: Decimal,
    note: str,
) -> None:
    """Tell the audit trail which lines changed, and of a single one which values; never a narrative."""
    after = {row_id(line): line for line in change.lines}
    facts: dict[str, Any] = {
        "edit_id": row_id(change.step) if change.step else None,
        "kind": kind.value,
        "amount": [as_text(amount_before), as_text(change.proforma.billed_amount)],
    }
    if len(lines) == 1 and (line := after.get(lines[0].line_id)) and (was := before.image(lines[0].line_id)):
        tag, told = "proforma:line_edited", _of_line(session, actor, line, was)
    else:
        tag, told = "proforma:lines_edited", {"line_numbers": [one.number for one in lines][:200]}
    audit.record(session, actor, tag, "proforma", row_id(change.proforma), note=note, **told, **facts)


def _of_line(session: Session, actor: Actor, line: ProformaLine, was: Image) -> dict[str, Any]:
    now = image_of(line)
    changed: dict[str, Any] = {
        name: [_text(was[name]), _text(now[name])] for name in _AUDITED if was[name] != now[name]
    }
    narrative_changed = was["billed_narrative"] != now["billed_narrative"]
    if narrative_changed:
        changed["by_its_timekeeper"] = is_own_work(session, actor, line)
    return {"line_number": line.line_number, "changed": changed, "narrative_changed": narrative_changed}


def _text(value: str) -> str:
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value
    return as_text(number) if number == round_half_up(number) else value
