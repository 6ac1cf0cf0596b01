"""Steps of editing a proforma: what each changed, kept so that it can be shown and taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session, col

from core.clock import now
from core.money import ZERO, as_text
from models import (
    Expense,
    LineProposal,
    Proforma,
    ProformaEdit,
    ProformaLine,
    SplitPart,
    SplitProposal,
    TimeEntry,
    Timekeeper,
    User,
)
from models.enums import EditKind, EntryKind, EntryStatus, LineTreatment
from services.actor import Actor
from services.row_ids import row_id
from services.tables import table_of

Image = dict[str, Any]
# Follow from the others, so they are neither compared nor put back.
DERIVED: Final = frozenset({"adjustment_amount", "billed_amount"})
# The reason of the last step on a line: put back where it still stands, never a hindrance.
SOFT: Final = frozenset({"note"})
RECORDS: Final[Mapping[str, type[Any]]] = {
    "time_entry": TimeEntry,
    "expense": Expense,
    "split_part": SplitPart,
    "split_proposal": SplitProposal,
    "line_proposal": LineProposal,
}
WHOLE: Final = "*"
# The dollars of a discount are kept with its percent, which they follow from as long as there is one.
_WITH_PERCENT: Final = frozenset({"discount_percent", "discount_amount"})
_SHOWN: Final = 40
_E, _U = table_of(ProformaEdit), table_of(User)
_STEPS: Final = (
    select(_E, _U.c.name)
    .outerjoin(_U, _U.c.id == _E.c.actor_id)
    .where(_E.c.proforma_id == bindparam("key"))
    .order_by(_E.c.id.desc())
    .limit(_SHOWN)
)
_AS_IS: Final = frozenset({str, int, bool, type(None)})
_COLUMNS: Final = tuple(ProformaLine.model_fields)
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "kind": EntryKind,
    "treatment": LineTreatment,
    "status": EntryStatus,
    "worked_on": date.fromisoformat,
    "recorded_on": date.fromisoformat,
    "incurred_on": date.fromisoformat,
    "held_until": date.fromisoformat,
    "started_at": time.fromisoformat,
    "ended_at": time.fromisoformat,
    "created_at": datetime.fromisoformat,
    **dict.fromkeys(
        (
            "entered_units",
            "billed_units",
            "unit_cost",
            "adjustment_amount",
            "billed_amount",
            "write_down_amount",
            "worked_amount",
            "entered_amount",
            "discount_percent",
            "discount_amount",
            "worked_hours",
            "entered_hours",
            "units",
        ),
        Decimal,
    ),
}


@dataclass(frozen=True)
class LineChange:
    """A line before and after a step; None where it was not there."""

    line_id: int
    number: int
    before: Image | None
    after: Image | None

    @property
    def columns(self) -> frozenset[str]:
        """Which values a person or a rule changed; those that follow from them are left out."""
        before, after = self.before or {}, self.after or {}
        return frozenset(name for name in {*before, *after} - DERIVED if before.get(name) != after.get(name))


@dataclass(frozen=True)
class RecordChange:
    """One value of an entry or a proposal before and after a step; `record` is a key of `RECORDS`.

    `WHOLE` stands for a record that the step made: None before, all its values after.
    """

    record: str
    record_id: int
    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Changes:
    """All that a step changed; `worked_amount` is what came to the proforma's worth, or left it, in dollars."""

    lines: tuple[LineChange, ...] = ()
    records: tuple[RecordChange, ...] = ()
    worked_amount: Decimal = ZERO

    @property
    def is_codes_only(self) -> bool:
        """Whether nothing but codes differs."""
        allowed = {"task_code", "activity_code", "expense_code", *SOFT}
        return not self.records and all(
            change.before and change.after and change.columns <= allowed for change in self.lines
        )


@dataclass
class Records:
    """The values of entries and proposals that a step changes, noted while it does."""

    changes: list[RecordChange] = field(default_factory=list)

    def set(self, record: str, row: Any, column: str, value: Any) -> None:  # noqa: ANN401 -- a column of any record
        """Set a value, and note what it was."""
        before = plain(getattr(row, column))
        setattr(row, column, value)
        self.changes.append(RecordChange(record, row_id(row), column, before, plain(value)))

    def made(self, record: str, row: Any) -> None:  # noqa: ANN401
        """Note a record that the step made."""
        image = {name: plain(getattr(row, name)) for name in RECORDS[record].model_fields}
        self.changes.append(RecordChange(record, row_id(row), WHOLE, None, image))

    def note(self, record: str, row: Any, column: str, *, before: Any) -> None:  # noqa: ANN401
        """Note a value that was changed by its own means."""
        self.changes.append(RecordChange(record, row_id(row), column, plain(before), plain(getattr(row, column))))


def plain(value: Any) -> Any:  # noqa: ANN401 -- a column's value, as JSON keeps it
    """Return a column's value as JSON can keep it, the same for equal values."""
    if type(value) in _AS_IS:
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date | time) else value


def typed(name: str, value: Any) -> Any:  # noqa: ANN401 -- as above
    """Return what `plain` made of a column's value as the column holds it."""
    read = _READ.get(name)
    return value if value is None or read is None else read(value)


def image_of(line: ProformaLine) -> Image:
    """Return every value of a line; the dollars of a discount in percent follow from it, so they are left out."""
    held = vars(line)
    return _image({name: held[name] if name in held else getattr(line, name) for name in _COLUMNS})


def _image(held: Mapping[str, Any]) -> Image:
    image = {name: plain(held[name]) for name in _COLUMNS}
    return image if held["discount_percent"] is None else {**image, "discount_amount": plain(ZERO)}


class Before:
    """The lines of a proforma as they were before a step; images are made of the few that change."""

    def __init__(self, lines: Iterable[ProformaLine]) -> None:
        self._held = {row_id(line): dict(vars(line)) for line in lines}

    def is_still(self, line: ProformaLine) -> bool:
        """Whether a line is as it was."""
        return line.id is not None and self._held.get(line.id) == vars(line)

    def image(self, line_id: int) -> Image | None:
        """Return every value that a line had; None for one that was not there."""
        held = self._held.get(line_id)
        return None if held is None else _image(held)

    def gone(self, lines: Iterable[ProformaLine]) -> set[int]:
        """Return the ids of those that are not among these lines any more."""
        return self._held.keys() - {line.id for line in lines}


def line_of(image: Image, **changed: Any) -> ProformaLine:  # noqa: ANN401 -- columns
    """Return a line that was taken away, as it was."""
    return ProformaLine(**{name: typed(name, value) for name, value in image.items()} | changed)


def changes_between(
    before: Before, lines: Sequence[ProformaLine], records: Records, *, worked_amount: Decimal = ZERO
) -> Changes:
    """Return what became of the lines."""
    found = [_change(key, before.image(key), None) for key in before.gone(lines)]
    found += [
        _change(row_id(line), before.image(row_id(line)), image_of(line)) for line in lines if not before.is_still(line)
    ]
    changed = (change for change in found if change.columns)
    return Changes(tuple(sorted(changed, key=lambda change: change.line_id)), tuple(records.changes), worked_amount)


def _change(line_id: int, before: Image | None, after: Image | None) -> LineChange:
    return LineChange(line_id, (after or before or {})["line_number"], before, after)


def record_step(
    session: Session,
    actor: Actor,
    proforma: Proforma,
    kind: EditKind,
    changes: Changes,
    *,
    amount_before: Decimal,
    note: str = "",
    undoes_id: int | None = None,
) -> ProformaEdit:
    """Keep a step; its proforma's amount is the one after it."""
    edit = ProformaEdit(
        proforma_id=row_id(proforma),
        kind=kind,
        actor_id=actor.user_id,
        at=now(),
        note=note.strip()[:500],
        amount_before=amount_before,
        amount_after=proforma.billed_amount,
        changes=_as_json(changes),
        undoes_id=undoes_id,
    )
    session.add(edit)
    session.flush()
    return edit


def changes_of(edit: ProformaEdit) -> Changes:
    """Return what a step changed."""
    lines = _lines_of(edit.changes)
    records = tuple(RecordChange(**one) for one in edit.changes["records"])
    return Changes(lines, records, Decimal(edit.changes["worked_amount"]))


def _lines_of(changes: Mapping[str, Any]) -> tuple[LineChange, ...]:
    return tuple(LineChange(**one) for one in changes["lines"])


def _as_json(changes: Changes) -> dict[str, Any]:
    return {
        "lines": [_line_json(one) for one in changes.lines],
        "records": [asdict(one) for one in changes.records],
        "worked_amount": as_text(changes.worked_amount),
    }


def _line_json(change: LineChange) -> dict[str, Any]:
    before, after = change.before, change.after
    if before is not None and after is not None:
        # A value that stayed is not kept twice; the amounts are, because people want to see them.
        shown = change.columns | DERIVED | _WITH_PERCENT
        before, after = ({name: image[name] for name in sorted(shown)} for image in (before, after))
    return {"line_id": change.line_id, "number": change.number, "before": before, "after": after}


@dataclass(frozen=True)
class StepRow:
    """One step of editing as its reader sees it, with each line before and after; amounts are the bill's dollars.

    `timekeepers` names those whom a line went from and to.
    """

    id: int
    kind: EditKind
    who: str
    at: datetime
    note: str
    amount_before: Decimal
    amount_after: Decimal
    lines: tuple[LineChange, ...]
    is_undone: bool
    undoes_id: int | None
    timekeepers: Mapping[int, str] = field(default_factory=dict)


def steps_of(session: Session, proforma_id: int) -> list[StepRow]:
    """Return the latest steps of editing a proforma, the newest first; the caller has checked who may see it."""
    return _named(session, [_step(edit) for edit in session.execute(_STEPS, {"key": proforma_id})])


def _named(session: Session, steps: list[StepRow]) -> list[StepRow]:
    """Name the timekeepers of those steps that gave a line to another."""
    changed = [
        one for step in steps for one in step.lines if "timekeeper_id" in one.columns and one.before and one.after
    ]
    ids = {image["timekeeper_id"] for one in changed for image in (one.before, one.after) if image}
    if not ids:
        return steps
    found = session.scalars(select(Timekeeper).where(col(Timekeeper.id).in_(ids)))
    names = {row_id(who): who.ledes_name for who in found}
    return [replace(step, timekeepers=names) for step in steps]


def _step(edit: Row[*tuple[Any, ...]]) -> StepRow:
    return StepRow(
        id=edit.id,
        kind=edit.kind,
        who=edit.name or "The portal",
        at=edit.at,
        note=edit.note,
        amount_before=edit.amount_before,
        amount_after=edit.amount_after,
        lines=_lines_of(edit.changes),
        is_undone=edit.undone_at is not None,
        undoes_id=edit.undoes_id,
    )
