"""From a filled-in question to the change that it stands for, and what the bill would come to with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from core.db import unit_of_work
from core.errors import InvalidInputError
from core.money import as_dollars
from models.enums import EditKind, EntryKind
from services.review import bill_discounts, late_work, proforma_edits, transfers
from services.review.combined_expenses import combine_expenses
from services.review.performers import amount_if_given
from services.review.previews import amount_after
from services.review.proforma_edits import Cut, change_lines
from services.review.proposals import Proposed, propose_change
from state.addresses import as_day
from state.guard import actor
from state.review.proforma_work import Change
from state.words import number_typed

_KINDS = {
    "write_down": EditKind.WRITE_DOWN,
    "discount": EditKind.LINE_DISCOUNT,
    "write_off": EditKind.WRITE_OFF,
    "hold": EditKind.HOLD,
    "codes": EditKind.LINE,
}
_CODES = ("task_code", "activity_code", "expense_code")


@dataclass(frozen=True)
class Asked:
    """What a question is about: the proforma in the version seen, the lines, the matter chosen, and a line's kind."""

    kind: str
    proforma_id: int
    version: int
    line_ids: tuple[int, ...] = ()
    matter_id: int | None = None
    is_expense: bool = False

    @property
    def line_id(self) -> int:
        """The one line."""
        return self.line_ids[0]


def change_of(asked: Asked, form: Mapping[str, str]) -> Change:
    """Return the change that the form asks for.

    Raises:
        InvalidInputError: a number or a day cannot be read, or no matter is chosen.
    """
    if asked.kind in _KINDS:
        return _of_lines(asked, form)
    return _OTHERS[asked.kind](asked, form)


def total_if_given(asked: Asked, form: Mapping[str, str]) -> str:
    """Return what the bill would come to if the timekeeper chosen attested the line's work: '$912.00'."""
    with unit_of_work() as session:
        amount = amount_if_given(
            session,
            actor(),
            line_id=asked.line_id,
            expected_version=asked.version,
            timekeeper_id=_timekeeper(form),
        )
        return as_dollars(amount)


def total_after(change: Change, proforma_id: int) -> str:
    """Try a change, take it back, and return what the bill would come to: '$912.00'."""
    with unit_of_work() as session:
        return as_dollars(amount_after(session, actor(), proforma_id=proforma_id, change=change))


def _of_lines(asked: Asked, form: Mapping[str, str]) -> Change:
    codes = {name: form[name] for name in _CODES if form.get(name, "").strip()} if asked.kind == "codes" else {}
    kind = _KINDS[asked.kind]
    cut = _cut(form) if asked.kind in {"write_down", "discount"} else Cut()
    return partial(
        change_lines,
        proforma_id=asked.proforma_id,
        line_ids=asked.line_ids,
        expected_version=asked.version,
        kind=kind,
        note=form.get("note", ""),
        cut=cut,
        codes=codes,
        until=_wake_day(form) if asked.kind == "hold" else None,
    )


def _wake_day(form: Mapping[str, str]) -> date | None:
    return _day(text) if (text := form.get("until", "").strip()) else None


def _cut(form: Mapping[str, str]) -> Cut:
    text, of = form.get("value", "").strip(), form.get("of", "")
    if not text:
        return Cut()
    value = number_typed(text.removesuffix("%"), "how much")
    match of:
        case "units":
            return Cut(units=value)
        case "percent":
            return Cut(percent=value)
        case _:
            return Cut(amount=value)


def _printing(asked: Asked, form: Mapping[str, str]) -> Change:
    return partial(
        proforma_edits.set_printing,
        line_id=asked.line_id,
        expected_version=asked.version,
        kind=EditKind(asked.kind),
        note=form.get("note", ""),
    )


def _transfer(asked: Asked, form: Mapping[str, str]) -> Change:
    if len(asked.line_ids) > 1:
        return partial(
            transfers.transfer_lines,
            proforma_id=asked.proforma_id,
            line_ids=asked.line_ids,
            expected_version=asked.version,
            matter_id=_matter(asked),
            note=form.get("note", ""),
        )
    return partial(
        transfers.transfer_line,
        line_id=asked.line_id,
        expected_version=asked.version,
        matter_id=_matter(asked),
        note=form.get("note", ""),
    )


def _part(asked: Asked, form: Mapping[str, str]) -> Change:
    if asked.is_expense:
        return partial(
            transfers.transfer_part_of_expense,
            line_id=asked.line_id,
            expected_version=asked.version,
            matter_id=_matter(asked),
            amount=number_typed(form.get("amount", ""), "the amount"),
            note=form.get("note", ""),
        )
    return partial(
        transfers.propose_transfer_of_time,
        line_id=asked.line_id,
        expected_version=asked.version,
        matter_id=_matter(asked),
        stays=form.get("stays", ""),
        goes=form.get("goes", ""),
    )


def _proposal(asked: Asked, form: Mapping[str, str]) -> Change:
    if asked.kind == "hours":
        proposed = Proposed(hours=number_typed(form.get("hours", ""), "the hours"))
    elif asked.kind == "performer":
        proposed = Proposed(timekeeper_id=_timekeeper(form))
    else:
        proposed = Proposed(worked_on=_day(form.get("worked_on", "")))
    return partial(
        propose_change,
        line_id=asked.line_id,
        expected_version=asked.version,
        proposed=proposed,
        reason=form.get("reason", ""),
    )


def _combine(asked: Asked, form: Mapping[str, str]) -> Change:
    return partial(
        combine_expenses,
        proforma_id=asked.proforma_id,
        line_ids=asked.line_ids,
        expected_version=asked.version,
        narrative=form.get("narrative", ""),
    )


def _bill_discount(asked: Asked, form: Mapping[str, str]) -> Change:
    cut = _cut(form)
    kind = EntryKind.EXPENSE_DISCOUNT if form.get("on") == "IE" else EntryKind.FEE_DISCOUNT
    seen = asked.version
    if cut == Cut():
        ends = bill_discounts.end_bill_discount
        return partial(ends, proforma_id=asked.proforma_id, expected_version=seen, kind=kind)
    return partial(
        bill_discounts.discount_bill,
        proforma_id=asked.proforma_id,
        expected_version=seen,
        kind=kind,
        note=form.get("note", ""),
        percent=cut.percent,
        amount=cut.amount,
    )


def _late(asked: Asked, form: Mapping[str, str]) -> Change:
    chosen = [key for name, ticked in form.items() if ticked and (key := _entry(name)) is not None]
    return partial(
        late_work.add_late_work, proforma_id=asked.proforma_id, expected_version=asked.version, chosen=chosen
    )


def _entry(name: str) -> tuple[EntryKind, int] | None:
    kind, _, number = name.partition("-")
    return (EntryKind(kind), int(number)) if kind in {"F", "E"} and number.isdecimal() else None


def _own_time(asked: Asked, form: Mapping[str, str]) -> Change:
    time = late_work.NewTime(
        worked_on=_day(form.get("worked_on", "")),
        hours=number_typed(form.get("hours", ""), "the hours"),
        narrative=form.get("narrative", ""),
        task_code=form.get("task_code", ""),
        activity_code=form.get("activity_code", ""),
    )
    return partial(late_work.add_own_time, proforma_id=asked.proforma_id, expected_version=asked.version, time=time)


def _expense(asked: Asked, form: Mapping[str, str]) -> Change:
    expense = late_work.NewExpense(
        incurred_on=_day(form.get("incurred_on", "")),
        units=number_typed(form.get("units", ""), "the units"),
        unit_cost=number_typed(form.get("unit_cost", ""), "the cost"),
        narrative=form.get("narrative", ""),
        expense_code=form.get("expense_code", ""),
    )
    return partial(
        late_work.add_expense, proforma_id=asked.proforma_id, expected_version=asked.version, expense=expense
    )


_OTHERS: Mapping[str, Callable[[Asked, Mapping[str, str]], Change]] = {
    "no_charge": _printing,
    "no_print": _printing,
    "transfer": _transfer,
    "part": _part,
    "hours": _proposal,
    "date": _proposal,
    "performer": _proposal,
    "combine": _combine,
    "bill_discount": _bill_discount,
    "late": _late,
    "own_time": _own_time,
    "expense": _expense,
}


def _matter(asked: Asked) -> int:
    if asked.matter_id is None:
        raise InvalidInputError("Choose the matter first. Nothing was changed.")
    return asked.matter_id


def _timekeeper(form: Mapping[str, str]) -> int:
    text = form.get("timekeeper", "")
    if not text.isdecimal():
        raise InvalidInputError("Choose who did the work. Nothing was changed.")
    return int(text)


def _day(text: str) -> date:
    found = as_day(text)
    if found is None:
        raise InvalidInputError("Give the day. Nothing was changed.")
    return found
