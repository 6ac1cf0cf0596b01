"""Several expenses billed as one line; time is never combined, as each entry is a statement of its own."""

from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session

from core.errors import InvalidInputError
from core.money import ZERO, total
from models import Proforma, ProformaLine
from models.enums import EditKind, EntryKind, LineTreatment
from services.actor import Actor
from services.review.line_edits import Change, changing, check_stands
from services.review.line_values import checked_narrative
from services.review.split_lines import take_away
from services.row_ids import row_id

_FEWEST, _MOST = 2, 100


def combine_expenses(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    line_ids: Sequence[int],
    expected_version: int,
    narrative: str,
    note: str = "",
) -> Proforma:
    """Bill expenses of one code in one line of their sum, dated as the last of them; each keeps its own record.

    Raises:
        InvalidInputError: fewer than two, time among them, unlike codes, or no narrative.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    text = checked_narrative(narrative)
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.COMBINE, note=note) as change:
        lines = _checked(change, line_ids)
        made = _sum_line(change, lines, text)
        session.add(made)
        session.flush()
        change.lines.append(made)
        for line in lines:
            line.treatment, line.combined_into_id = LineTreatment.COMBINED, row_id(made)
    return change.proforma


def take_apart(session: Session, actor: Actor, *, line_id: int, proforma_id: int, expected_version: int) -> Proforma:
    """Bill the expenses of a combined line one by one again.

    Raises:
        InvalidInputError: the line is none of combined expenses.
    """
    with changing(session, actor, proforma_id, expected_version, kind=EditKind.COMBINE) as change:
        whole = change.line(line_id)
        parts = [line for line in change.lines if line.combined_into_id == line_id]
        if not parts:
            raise InvalidInputError("This line does not combine any others. Nothing was changed.", line_id=line_id)
        for line in parts:
            line.treatment, line.combined_into_id = LineTreatment.BILL, None
        take_away(session, [whole])
        change.lines.remove(whole)
    return change.proforma


def _checked(change: Change, line_ids: Sequence[int]) -> list[ProformaLine]:
    chosen = [change.line(line_id) for line_id in dict.fromkeys(line_ids)]
    if not _FEWEST <= len(chosen) <= _MOST:
        raise InvalidInputError(f"Choose {_FEWEST} to {_MOST} expenses to combine. Nothing was changed.")
    for line in chosen:
        check_stands(line)
        if line.kind is not EntryKind.EXPENSE:
            message = (
                f"Line {line.line_number} is time. Nothing was changed: only expenses are combined, as each time entry "
                "is its timekeeper's own statement."
            )
            raise InvalidInputError(message, line_id=line.id)
        if line.treatment is not LineTreatment.BILL or line.expense_id is None or line.split_from_id is not None:
            message = f"Line {line.line_number} is not billed as one expense. Nothing was changed; leave it out."
            raise InvalidInputError(message, line_id=line.id)
    if len({line.expense_code for line in chosen}) > 1:
        raise InvalidInputError("Expenses of different codes stay apart. Nothing was changed; choose one code.")
    return chosen


def _sum_line(change: Change, lines: Sequence[ProformaLine], narrative: str) -> ProformaLine:
    amount = total(line.billed_amount for line in lines)
    return ProformaLine(
        proforma_id=row_id(change.proforma),
        line_number=change.next_number(),
        kind=EntryKind.EXPENSE,
        worked_on=max(line.worked_on for line in lines),
        entered_units=Decimal(1),
        billed_units=Decimal(1),
        unit_cost=amount,
        adjustment_amount=ZERO,
        billed_amount=amount,
        expense_code=lines[0].expense_code,
        billed_narrative=narrative,
    )
