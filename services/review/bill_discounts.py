"""Courtesy discounts on a whole bill: a percent or an amount off all fees or expenses, as a line of its own."""

from decimal import Decimal

from sqlmodel import Session

from core.errors import InvalidInputError
from core.money import ZERO, as_text, round_half_up
from models import Proforma, ProformaLine
from models.enums import EditKind, EntryKind
from services.actor import Actor
from services.review.line_edits import Change, changing, need_reason
from services.review.line_values import exact_amount, exact_percent
from services.review.split_lines import take_away
from services.review.standing_discounts import OF_KIND
from services.row_ids import row_id

_LONGEST = 200


def discount_bill(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    expected_version: int,
    kind: EntryKind,
    note: str,
    percent: Decimal | None = None,
    amount: Decimal | None = None,
) -> Proforma:
    """Give a discount on all fees (FEE_DISCOUNT) or expenses (EXPENSE_DISCOUNT), in place of the one there is.

    A percent follows later changes of the lines. `note` is what the carrier reads beside it. It is billed as an IF or
    IE row, whatever the format.

    Raises:
        InvalidInputError: neither or both of percent and amount, more than there is, or no words.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    need_reason(note)
    if kind not in OF_KIND:
        raise InvalidInputError("A discount is on fees or on expenses. Nothing was changed.")
    if (percent is None) == (amount is None):
        raise InvalidInputError("Give the discount in percent or in dollars. Nothing was changed.")
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.BILL_DISCOUNT, note=note) as change:
        line = _standing(change, kind) or _new(session, change, kind)
        line.discount_percent = None if percent is None else exact_percent(percent)
        line.discount_amount = ZERO if amount is None else exact_amount(amount)
        line.billed_narrative = _words(note, line.discount_percent)
        line.note = note
    return change.proforma


def end_bill_discount(
    session: Session, actor: Actor, *, proforma_id: int, expected_version: int, kind: EntryKind
) -> Proforma:
    """Take the discount on all fees or expenses away.

    Raises:
        InvalidInputError: there is none.
    """
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.BILL_DISCOUNT) as change:
        line = _standing(change, kind)
        if line is None:
            raise InvalidInputError("There is no such discount on the bill. Nothing was changed.")
        take_away(session, [line])
        change.lines.remove(line)
    return change.proforma


def _standing(change: Change, kind: EntryKind) -> ProformaLine | None:
    return next((line for line in change.lines if line.kind is kind), None)


def _new(session: Session, change: Change, kind: EntryKind) -> ProformaLine:
    line = ProformaLine(
        proforma_id=row_id(change.proforma),
        line_number=change.next_number(),
        kind=kind,
        worked_on=change.proforma.period_end,
        entered_units=Decimal(1),
        billed_units=Decimal(1),
        unit_cost=ZERO,
        adjustment_amount=ZERO,
        billed_amount=ZERO,
        billed_narrative="",
    )
    session.add(line)
    session.flush()
    change.lines.append(line)
    return line


def _words(note: str, percent: Decimal | None) -> str:
    share = "" if percent is None else f" ({_percent(percent)} %)"
    return f"{note.strip()[:_LONGEST]}{share}"


def _percent(percent: Decimal) -> str:
    return as_text(percent) if percent == round_half_up(percent) else f"{percent.normalize():f}"
