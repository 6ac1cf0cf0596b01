"""Transfers to another matter: a whole entry at once, a part of an expense by its amount, a part of time once attested.

A part of somebody's time has hours, so its timekeeper gives them; the reviewer proposes the two texts.
"""

from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session

from core.errors import InvalidInputError
from models import Expense, Proforma, ProformaLine, SplitProposal
from models.enums import EditKind, EntryKind, LineTreatment
from services import lifecycle
from services.actor import Actor
from services.review.each_line import do_to_each
from services.review.line_edits import Change, changing, editing
from services.review.line_values import checked_narrative, exact_amount
from services.review.moved_entries import TargetMatter, check_target, find_targets, move_entry, split_expense_to
from services.review.proforma_queries import visible_proforma
from services.review.split_lines import add_parts
from services.review.splits import ProposedPart, propose_parts

_NOTE = "A part went to another matter"


def list_targets(session: Session, actor: Actor, *, proforma_id: int, search: str = "") -> list[TargetMatter]:
    """Return the open matters that a proforma's work may go to, by number or name."""
    proforma = visible_proforma(session, actor, proforma_id)
    return find_targets(session, proforma_matter_id=proforma.matter_id, search=search)


def transfer_line(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, matter_id: int, note: str = ""
) -> Proforma:
    """Give a line's whole entry to another matter: it is work in progress there at once, and no more on this bill.

    Raises:
        InvalidInputError: the matter is closed, the same, or was opened after the work; or the line is a part.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    with editing(session, actor, line_id, expected_version, kind=EditKind.TRANSFER, note=note) as edit:
        _transfer(session, edit.change, edit.line, matter_id)
    return edit.proforma


def transfer_lines(
    session: Session,
    actor: Actor,
    *,
    proforma_id: int,
    line_ids: Sequence[int],
    expected_version: int,
    matter_id: int,
    note: str = "",
) -> Proforma:
    """Do as `transfer_line` with many lines, as one step: all of them go or none does.

    Raises:
        InvalidInputError: no line, too many, or one that cannot go there; it is named.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """

    def transfer(change: Change, line: ProformaLine) -> None:
        _transfer(session, change, line, matter_id)

    with changing(session, actor, proforma_id, expected_version, kind=EditKind.TRANSFER, note=note) as change:
        do_to_each(change, line_ids, transfer, note)
    return change.proforma


def _transfer(session: Session, change: Change, line: ProformaLine, matter_id: int) -> None:
    if line.split_from_id is not None:
        message = "A part of a split stays with its entry. Nothing was changed; restore the whole line first."
        raise InvalidInputError(message, line_id=line.id)
    target = check_target(session, change.proforma.matter_id, matter_id, line.worked_on)
    move_entry(session, change, line, target)
    line.treatment = LineTreatment.TRANSFER


def transfer_part_of_expense(
    session: Session,
    actor: Actor,
    *,
    line_id: int,
    expected_version: int,
    matter_id: int,
    amount: Decimal,
    note: str = "",
) -> Proforma:
    """Give some dollars of an expense to another matter; the rest is billed here.

    Raises:
        InvalidInputError: the amount is not less than the expense bills, the line is no expense, or as `transfer_line`.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was changed.
    """
    with editing(session, actor, line_id, expected_version, kind=EditKind.TRANSFER, note=note) as edit:
        line, goes = edit.line, exact_amount(amount)
        expense = _own_expense(session, line)
        target = check_target(session, edit.proforma.matter_id, matter_id, line.worked_on)
        if goes >= line.billed_amount:
            message = "That is all that the line bills. Nothing was changed; transfer the whole line instead."
            raise InvalidInputError(message, line_id=line_id)
        stays = line.billed_amount - goes
        (kept,) = add_parts(session, line, edit.change, [(line.billed_narrative, Decimal(1))], note=_NOTE)
        kept.unit_cost = stays
        narrative = line.billed_narrative
        split_expense_to(session, edit.change, expense, matter_id=matter_id, amount=goes, narrative=narrative)
        line.transfer_matter_id = target.id
        edit.change.worked_amount -= goes
    return edit.proforma


def propose_transfer_of_time(
    session: Session, actor: Actor, *, line_id: int, expected_version: int, matter_id: int, stays: str, goes: str
) -> SplitProposal:
    """Ask a line's timekeeper how many hours were for another matter; `stays` and `goes` are the proposed texts.

    Raises:
        InvalidInputError: a text is empty, or the matter cannot take the work.
        DeniedError, StaleVersionError, WrongStateError, NotFoundError: nothing was proposed.
    """
    line: ProformaLine = lifecycle.get(session, ProformaLine, line_id)
    proforma: Proforma = lifecycle.get(session, Proforma, line.proforma_id)
    check_target(session, proforma.matter_id, matter_id, line.worked_on)
    parts = (ProposedPart(checked_narrative(stays)), ProposedPart(checked_narrative(goes), matter_id))
    return propose_parts(session, actor, line_id=line_id, expected_version=expected_version, parts=parts)


def _own_expense(session: Session, line: ProformaLine) -> Expense:
    if line.kind is not EntryKind.EXPENSE or line.expense_id is None or line.split_from_id is not None:
        message = (
            "Only an expense that was not split or combined is divided by its amount. Nothing was changed; "
            "of time, its timekeeper says the hours."
        )
        raise InvalidInputError(message, line_id=line.id)
    expense: Expense = lifecycle.get(session, Expense, line.expense_id)
    return expense
