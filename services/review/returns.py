"""Proformas returned to billing: the reasons, line by line, and what was mended until it was sent again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from core.clock import now
from core.errors import InvalidInputError
from models import AuditEvent, Proforma, ProformaLine, ProformaReturn, ProformaReturnReason, User
from models.enums import ReturnReason
from services.access import person_id
from services.actor import Actor
from services.row_ids import row_id

REASON_WORDS: Mapping[ReturnReason, str] = {
    ReturnReason.WRONG_CODE: "wrong code",
    ReturnReason.TOO_VAGUE: "too vague",
    ReturnReason.TOO_MANY_HOURS: "too many hours",
    ReturnReason.WRONG_MATTER: "wrong matter",
    ReturnReason.RATE: "rate",
    ReturnReason.HOLD: "hold it for now",
    ReturnReason.OTHER: "other",
}
_LENGTH = 1000
_MOST_REASONS, _MOST_CHANGES = 100, 100


@dataclass(frozen=True)
class Reason:
    """One reason, about lines by their numbers, or about the whole bill where none is named."""

    reason: ReturnReason
    line_numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Change:
    """What was mended on one line, or on the whole bill (None): names of values with what they were and are now.

    `others` are further events by the audit trail's words, as in 'receipt_attached'.
    """

    line_number: int | None
    values: tuple[tuple[str, str, str], ...] = ()
    is_text_changed: bool = False
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReturnRow:
    """One return as its readers see it; `sent_again_at` is None while it is with billing."""

    id: int
    proforma_id: int
    who: str
    returned_at: datetime
    reasons: tuple[Reason, ...]
    note: str
    sent_again_at: datetime | None
    sent_again_by: str
    answer: str
    changes: tuple[Change, ...]


def check_reasons(session: Session, proforma_id: int, reasons: Sequence[Reason], note: str) -> tuple[Reason, ...]:
    """Return the reasons of a return, `other` for a note alone.

    Raises:
        InvalidInputError: a line is not on the proforma, or the only reason is `other` and no note says which.
    """
    if not note.strip() and all(one.reason is ReturnReason.OTHER for one in reasons):
        raise InvalidInputError("Returning needs a reason. Nothing was returned; tick one, or write a note.")
    if sum(len(one.line_numbers) or 1 for one in reasons) > _MOST_REASONS:
        raise InvalidInputError(f"At most {_MOST_REASONS} reasons are kept. Nothing was returned; name the whole bill.")
    named = {number for one in reasons for number in one.line_numbers}
    numbers = session.scalars(select(col(ProformaLine.line_number)).where(col(ProformaLine.proforma_id) == proforma_id))
    if named and (missing := sorted(named - set(numbers))):
        message = f"There is no line {', '.join(map(str, missing))} on it. Nothing was returned; look at the numbers."
        raise InvalidInputError(message, proforma_id=proforma_id)
    return tuple(reasons) or (Reason(ReturnReason.OTHER),)


def in_words(reasons: Sequence[Reason], note: str) -> str:
    """Return reasons and note as one text: 'Too vague (lines 2, 5); wrong code. Please …'."""
    named = [_words(one) for one in reasons if one.reason is not ReturnReason.OTHER or one.line_numbers]
    text = "; ".join(named)
    told = f"{text[:1].upper()}{text[1:]}." if text else ""
    return " ".join(part for part in (told, note.strip()) if part)[:_LENGTH]


def keep_return(session: Session, actor: Actor, proforma: Proforma, reasons: Sequence[Reason], note: str) -> None:
    """Store why a proforma was returned, for billing now and for the reports later."""
    row = ProformaReturn(
        proforma_id=row_id(proforma),
        returned_by_id=person_id(actor),
        on_behalf_of_id=actor.on_behalf_of_id,
        returned_at=now(),
        note=note.strip()[:_LENGTH],
    )
    session.add(row)
    session.flush()
    session.add_all(
        ProformaReturnReason(proforma_return_id=row_id(row), reason=one.reason, line_number=number)
        for one in reasons
        for number in (one.line_numbers or (None,))
    )
    session.flush()


def close_returns(session: Session, actor: Actor, proforma_ids: Collection[int], *, answer: str = "") -> None:
    """Note with the open returns of these proformas what was mended since, who sent them again, and the answer."""
    if not proforma_ids:
        return
    is_open = col(ProformaReturn.proforma_id).in_(proforma_ids) & col(ProformaReturn.sent_again_at).is_(None)
    for row in session.scalars(select(ProformaReturn).where(is_open)):
        row.changes = [_stored(change) for change in changes_since(session, row.proforma_id, row.returned_at)]
        row.sent_again_at, row.sent_again_by_id = now(), person_id(actor)
        row.answer = answer.strip()[:_LENGTH]
    session.flush()


def drop_returns(session: Session, proforma_ids: Collection[int]) -> None:
    """Let nothing wait to be mended on proformas that are voided."""
    is_open = col(ProformaReturn.proforma_id).in_(proforma_ids) & col(ProformaReturn.sent_again_at).is_(None)
    session.execute(update(ProformaReturn).where(is_open).values(sent_again_at=now()))


def changes_since(session: Session, proforma_id: int, since: datetime) -> list[Change]:
    """Return what was changed on a proforma since an instant, line by line, from the audit trail."""
    statement = (
        select(AuditEvent)
        .where(
            col(AuditEvent.subject_type) == "proforma",
            col(AuditEvent.subject_id) == proforma_id,
            col(AuditEvent.at) >= since,
        )
        .order_by(col(AuditEvent.id))
    )
    lines: dict[int | None, _Line] = {}
    for event in session.scalars(statement):
        number, changed = event.data.get("line_number"), event.data.get("changed")
        if number is None and not isinstance(changed, dict):
            continue
        line = lines.setdefault(number, _Line())
        line.take(event.tag.partition(":")[2], changed or {}, is_text=bool(event.data.get("narrative_changed")))
    found = [line.change(number) for number, line in lines.items()]
    told = [one for one in found if one.values or one.is_text_changed or one.others]
    return sorted(told, key=lambda one: one.line_number or 0)[:_MOST_CHANGES]


@dataclass
class _Line:
    """What became of one line, event by event."""

    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_text_changed: bool = False
    others: list[str] = field(default_factory=list)

    def take(self, what: str, changed: Mapping[str, Any], *, is_text: bool) -> None:
        """Add one event."""
        self.is_text_changed |= is_text
        if not changed and not is_text:
            self.others.append(what)
        for name, pair in changed.items():
            if isinstance(pair, list):
                before, after = pair
                self.values[name] = (self.values[name][0] if name in self.values else str(before), str(after))

    def change(self, number: int | None) -> Change:
        """Return what is left of it in the end."""
        values = tuple((name, before, after) for name, (before, after) in self.values.items() if before != after)
        return Change(number, values, self.is_text_changed, tuple(dict.fromkeys(self.others)))


def returns_of(session: Session, proforma_ids: Collection[int]) -> dict[int, ReturnRow]:
    """Return the last return of each of the proformas, in two statements; those never returned are absent."""
    if not proforma_ids:
        return {}
    names = _names_of_returns(session, proforma_ids)
    rows = {row.proforma_id: row for row in names[0]}
    reasons = _reasons(session, [row_id(row) for row in rows.values()])
    return {key: _row(row, reasons.get(row_id(row), ()), names[1]) for key, row in rows.items()}


def _names_of_returns(
    session: Session, proforma_ids: Collection[int]
) -> tuple[list[ProformaReturn], dict[int | None, str]]:
    statement = (
        select(ProformaReturn, col(User.id), col(User.name))
        .join(
            User,
            col(User.id).in_(
                (col(ProformaReturn.returned_by_id), col(ProformaReturn.on_behalf_of_id),
                 col(ProformaReturn.sent_again_by_id))
            ),
        )
        .where(col(ProformaReturn.proforma_id).in_(proforma_ids))
        .order_by(col(ProformaReturn.id))
    )  # fmt: skip
    found = session.execute(statement).all()
    return [row for row, _, _ in found], {user_id: name for _, user_id, name in found}


def _reasons(session: Session, return_ids: Collection[int]) -> dict[int, tuple[Reason, ...]]:
    if not return_ids:
        return {}
    statement = (
        select(ProformaReturnReason)
        .where(col(ProformaReturnReason.proforma_return_id).in_(return_ids))
        .order_by(col(ProformaReturnReason.id))
    )
    lines: dict[int, dict[ReturnReason, list[int]]] = {}
    for row in session.scalars(statement):
        numbers = lines.setdefault(row.proforma_return_id, {}).setdefault(row.reason, [])
        numbers += [row.line_number] if row.line_number is not None else []
    return {key: tuple(Reason(reason, tuple(numbers)) for reason, numbers in one.items()) for key, one in lines.items()}


def _row(row: ProformaReturn, reasons: tuple[Reason, ...], names: Mapping[int | None, str]) -> ReturnRow:
    for_whom = f" for {names[row.on_behalf_of_id]}" if row.on_behalf_of_id in names else ""
    return ReturnRow(
        row_id(row),
        row.proforma_id,
        f"{names.get(row.returned_by_id, '')}{for_whom}",
        row.returned_at,
        reasons,
        row.note,
        row.sent_again_at,
        names.get(row.sent_again_by_id, "") if row.sent_again_by_id is not None else "",
        row.answer,
        tuple(_loaded(change) for change in row.changes),
    )


def _words(one: Reason) -> str:
    if not one.line_numbers:
        return REASON_WORDS[one.reason]
    noun = "line" if len(one.line_numbers) == 1 else "lines"
    return f"{REASON_WORDS[one.reason]} ({noun} {', '.join(map(str, one.line_numbers))})"


def _stored(change: Change) -> dict[str, Any]:
    return {"line": change.line_number, "values": [list(value) for value in change.values],
            "text": change.is_text_changed, "others": list(change.others)}  # fmt: skip


def _loaded(stored: Mapping[str, Any]) -> Change:
    values = tuple((str(name), str(before), str(after)) for name, before, after in stored.get("values", []))
    others = tuple(str(word) for word in stored.get("others", []))
    return Change(stored.get("line"), values, bool(stored.get("text")), others)
