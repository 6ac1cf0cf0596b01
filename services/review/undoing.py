"""Taking a step of editing back, and taking that back, until the invoice is made."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from core.clock import now
from core.errors import InvalidInputError, WrongStateError
from models import Proforma, ProformaEdit, ProformaLine
from models.enums import EditKind, ProposalStatus
from services import lifecycle
from services.access import person_id
from services.actor import Actor
from services.review.edit_steps import (
    DERIVED,
    RECORDS,
    SOFT,
    WHOLE,
    Changes,
    Image,
    LineChange,
    RecordChange,
    changes_of,
    image_of,
    line_of,
    plain,
    typed,
)
from services.review.line_edits import Change, changing
from services.review.moved_entries import check_free
from services.review.proforma_queries import visible_proforma
from services.review.split_lines import take_away
from services.row_ids import row_id

_ENTRIES = frozenset({"time_entry", "expense"})
_AGAIN = {ProposalStatus.ATTESTED: "withdraw", ProposalStatus.WITHDRAWN: "reinstate"}


def undo_edit(session: Session, actor: Actor, *, edit_id: int, expected_version: int) -> Proforma:
    """Take one step back; a step that took another back is itself taken back, so that the first one counts again.

    Steps are independent: a later one is in the way only where it changed the same value.

    Raises:
        InvalidInputError: a later step changed the same value; it is named by its line.
        WrongStateError: it was taken back already, or what it sent to another matter is on a bill there.
        DeniedError, StaleVersionError, NotFoundError: nothing was changed.
    """
    edit: ProformaEdit = lifecycle.get(session, ProformaEdit, edit_id)
    visible_proforma(session, actor, edit.proforma_id)
    changes = changes_of(edit)
    kind, only_codes = EditKind.UNDO, changes.is_codes_only
    with changing(session, actor, edit.proforma_id, expected_version, kind=kind, only_codes=only_codes) as change:
        session.refresh(edit)
        if edit.undone_at is not None:
            raise WrongStateError("This step was taken back already. Nothing was changed; look at the history again.")
        change.undoes_id = edit_id
        _put_back(session, actor, change, changes)
        change.worked_amount -= changes.worked_amount
        edit.undone_at, edit.undone_by_id = now(), person_id(actor)
        _count_again(session, edit)
    return change.proforma


def _count_again(session: Session, edit: ProformaEdit) -> None:
    if edit.undoes_id is not None:
        first: ProformaEdit = lifecycle.get(session, ProformaEdit, edit.undoes_id)
        first.undone_at = first.undone_by_id = None


def _put_back(session: Session, actor: Actor, change: Change, changes: Changes) -> None:
    """Put everything back in an order in which no row ever names one that is not there."""
    there = {row_id(line): line for line in change.lines}
    for one in changes.lines:
        _check_stands(one, there)
    whole = [one for one in changes.records if one.column == WHOLE]
    for record in (one for one in whole if one.before is not None):
        _make_again(session, change, record, record.before)
    # What was taken away comes first, as others may name it.
    for one in sorted(changes.lines, key=lambda line: line.after is not None):
        _put_line_back(session, change, one, there)
    for record in (one for one in reversed(changes.records) if one.column != WHOLE):
        _put_value_back(session, actor, change, record)
    _take_lines_away(session, change, [there[one.line_id] for one in changes.lines if one.before is None])
    for record in (one for one in whole if one.before is None):
        _unmake(session, change, record)


def _take_lines_away(session: Session, change: Change, gone: Sequence[ProformaLine]) -> None:
    if gone:
        _check_nothing_hangs(change, gone)
        take_away(session, gone)
        change.lines = [line for line in change.lines if line not in gone]


def _check_stands(one: LineChange, there: Mapping[int, ProformaLine]) -> None:
    """Let a line whose values are still those that the step gave it."""
    line, after = there.get(one.line_id), one.after
    if after is None:
        return
    image = image_of(line) if line is not None else {}
    if any(image.get(name) != after[name] for name in one.columns - SOFT - DERIVED if name in after):
        message = (
            f"Line {one.number} was changed again since, in the same place. Nothing was changed; "
            "take the later step back first."
        )
        raise InvalidInputError(message, line_id=one.line_id)


def _put_line_back(session: Session, change: Change, one: LineChange, there: Mapping[int, ProformaLine]) -> None:
    if one.after is None and one.before is not None:
        _bring_back(session, change, one.before)
    elif one.before is not None:
        _put_values_back(there[one.line_id], one)


def _put_values_back(line: ProformaLine, one: LineChange) -> None:
    before, after = one.before or {}, one.after or {}
    for name in one.columns - DERIVED:
        if name in SOFT and plain(getattr(line, name)) != after.get(name):
            continue
        setattr(line, name, typed(name, before[name]))
    if "discount_percent" in one.columns:
        line.discount_amount = typed("discount_amount", before["discount_amount"])


def _bring_back(session: Session, change: Change, image: Image) -> None:
    taken = {line.line_number for line in change.lines}
    number = change.next_number() if image["line_number"] in taken else image["line_number"]
    line = line_of(image, line_number=number)
    session.add(line)
    session.flush()
    change.lines.append(line)


def _check_nothing_hangs(change: Change, gone: Sequence[ProformaLine]) -> None:
    ids = {line.id for line in gone}
    hanging = [
        line for line in change.lines if {line.split_from_id, line.combined_into_id} & ids and line.id not in ids
    ]
    if hanging:
        message = f"Line {hanging[0].line_number} depends on it. Nothing was changed; take that step back first."
        raise InvalidInputError(message, line_id=hanging[0].id)


def _put_value_back(session: Session, actor: Actor, change: Change, one: RecordChange) -> None:
    row: Any = lifecycle.get(session, RECORDS[one.record], one.record_id)
    session.flush()
    session.refresh(row)
    if one.column == "status":
        before = row.status
        lifecycle.apply(session, actor, row, _AGAIN[before])
        change.records.note(one.record, row, "status", before=before)
        return
    if one.record in _ENTRIES and row.matter_id != change.proforma.matter_id:
        check_free(session, one.record, row)
    if plain(getattr(row, one.column)) != one.after:
        raise InvalidInputError("The entry behind the line was changed again since. Nothing was changed; look there.")
    change.records.set(one.record, row, one.column, typed(one.column, one.before))


def _make_again(session: Session, change: Change, one: RecordChange, image: Image) -> None:
    row = RECORDS[one.record](**{name: typed(name, value) for name, value in image.items()})
    session.add(row)
    session.flush()
    change.records.made(one.record, row)


def _unmake(session: Session, change: Change, one: RecordChange) -> None:
    row: Any = lifecycle.get(session, RECORDS[one.record], one.record_id)
    session.refresh(row)
    check_free(session, one.record, row)
    image = {name: plain(getattr(row, name)) for name in type(row).model_fields}
    session.delete(row)
    session.flush()
    change.records.changes.append(RecordChange(one.record, one.record_id, WHOLE, image, None))
