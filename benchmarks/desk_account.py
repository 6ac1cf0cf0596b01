"""The account after a run: every edit that was taken stands once, in order, with its value; every sum is right."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from benchmarks.desk_ledger import Refused, Taken
from core.money import ZERO, line_amount
from models import LineProposal, Proforma, ProformaEdit, ProformaLine
from models.enums import LineTreatment
from services.review.edit_steps import DERIVED, SOFT, changes_of, image_of
from services.review.line_values import DISCOUNTS

_CONFLICT = "Somebody changed this"


def lost_edits(session: Session, taken: Sequence[Taken]) -> list[str]:
    """Return in words each edit that was acknowledged and is not stored once, in its person's order, as typed."""
    steps = _steps_by_mark(session)
    proposals = dict(session.execute(select(col(LineProposal.reason), col(LineProposal.narrative))).all())
    counts = Counter(one.mark for one in taken)
    found = [f"{mark} was acknowledged {count} times" for mark, count in counts.items() if count > 1]
    last: dict[str, int] = {}
    for one in taken:
        if one.column == "proposal":
            found += [] if proposals.get(one.mark) == one.value else [f"{one.mark} waits for nobody"]
            continue
        stored = steps.get(one.mark, [])
        if len(stored) != 1:
            found.append(f"{one.mark} is stored {len(stored)} times")
            continue
        found += _wrong(one, stored[0], last.get(one.who, 0))
        last[one.who] = stored[0].id or 0
    return found


def ghosts(session: Session, refused: Sequence[Refused]) -> list[str]:
    """Return in words each edit that was refused and is stored all the same, or whose refusal did not help."""
    marks = set(_steps_by_mark(session)) | set(session.scalars(select(col(LineProposal.reason))))
    stored = [f"{one.mark} was refused and is stored" for one in refused if one.mark in marks]
    mute = [f"{one.mark} was refused without a word" for one in refused if not one.said]
    bare = [
        f"{one.mark} met another's edit and was not shown it"
        for one in refused
        if one.said.startswith(_CONFLICT) and not one.offers_both
    ]
    return stored + mute + bare


def broken_chains(session: Session, *, of: Collection[int] | None = None) -> list[str]:
    """Return in words each value that a step did not find as the step before it left it, or that the line lost.

    `of` are the proformas looked at; all, when none are named.
    """
    values: dict[tuple[int, str], Any] = {}
    found: list[str] = []
    steps = select(ProformaEdit).order_by(col(ProformaEdit.id))
    for step in session.scalars(steps if of is None else steps.where(col(ProformaEdit.proforma_id).in_(of))):
        for line in changes_of(step).lines:
            before, after = line.before or {}, line.after or {}
            for name in line.columns - SOFT - DERIVED:
                if values.get((line.line_id, name), before.get(name)) != before.get(name):
                    found.append(f"step {step.id} found another {name} of line {line.line_id}")
                values[line.line_id, name] = after.get(name)
    lines = select(ProformaLine).where(col(ProformaLine.id).in_({line_id for line_id, _ in values}))
    stored = {(line.id, name): value for line in session.scalars(lines) for name, value in image_of(line).items()}
    return found + [
        f"line {line_id} lost its {name}"
        for (line_id, name), value in values.items()
        if stored.get((line_id, name), value) != value
    ]


def wrong_sums(session: Session, *, of: Collection[int] | None = None) -> list[str]:
    """Return in words each line whose amount does not follow from it, and each proforma that is not its lines' sum.

    `of` are the proformas looked at; all, when none are named.
    """
    stored, bills = select(ProformaLine).order_by(col(ProformaLine.id)), select(Proforma)
    if of is not None:
        stored, bills = stored.where(col(ProformaLine.proforma_id).in_(of)), bills.where(col(Proforma.id).in_(of))
    lines: dict[int, list[ProformaLine]] = defaultdict(list)
    for line in session.scalars(stored):
        lines[line.proforma_id].append(line)
    proformas = list(session.scalars(bills))
    return list(_wrong_lines(one for many in lines.values() for one in many)) + [
        f"proforma {one.id} says {one.billed_amount}, its lines {_sum(lines.get(one.id or 0, ()))}"
        for one in proformas
        if one.billed_amount != _sum(lines.get(one.id or 0, ()))
    ]


def _steps_by_mark(session: Session) -> Mapping[str, list[ProformaEdit]]:
    found: dict[str, list[ProformaEdit]] = defaultdict(list)
    for step in session.scalars(select(ProformaEdit).order_by(col(ProformaEdit.id))):
        found[step.note].append(step)
    return found


def _wrong(one: Taken, step: ProformaEdit, last: int) -> Iterator[str]:
    if (step.id or 0) <= last:
        yield f"{one.mark} stands before an earlier edit of the same person"
    change = next((line for line in changes_of(step).lines if line.line_id == one.line_id), None)
    before, after = (change.before or {}, change.after or {}) if change else ({}, {})
    now = after.get(one.column)
    if one.column == "write_down_amount":
        is_right = now is not None and Decimal(now) - Decimal(before[one.column]) == Decimal(one.value)
    elif one.column == "billed_units":
        is_right = now is not None and Decimal(now) == Decimal(one.value)
    else:
        is_right = now == one.value
    if not is_right:
        yield f"{one.mark} is stored as {now!r}, not as {one.value!r}"


def _wrong_lines(lines: Iterable[ProformaLine]) -> Iterator[str]:
    for line in lines:
        if line.kind in DISCOUNTS or line.is_free:
            continue
        amount = line_amount(line.billed_units, line.unit_cost, line.adjustment_amount)
        if line.treatment is LineTreatment.BILL and amount != line.billed_amount:
            yield f"line {line.id} says {line.billed_amount}, its values {amount}"


def _sum(lines: Iterable[ProformaLine]) -> Decimal:
    return sum((line.billed_amount for line in lines if line.treatment is LineTreatment.BILL), start=ZERO)
