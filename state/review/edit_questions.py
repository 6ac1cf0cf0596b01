"""The questions asked before a proforma is edited: what to type, and in which words; one form for all of them."""

from collections.abc import Sequence
from typing import Final

from core.clock import today
from core.errors import InvalidInputError
from core.money import as_dollars, total
from models.enums import EntryKind
from services.review.late_work import LateItem
from services.review.performers import Performer
from services.review.proforma_lines import LineRow
from services.review.proformas import ProformaDetail
from state.review.question import EditField, Option, Question
from state.review.timekeeper_questions import TO_TIMEKEEPER, ask_performer, ask_timekeeper
from state.words import counted, day, units

# What can be asked of one line, of many, and of the whole bill.
OF_LINE: Final = frozenset(
    {"write_down", "discount", "write_off", "hold", "no_charge", "no_print", "transfer", "part", *TO_TIMEKEEPER}
)
OF_MANY: Final = frozenset({"write_down", "discount", "write_off", "hold", "codes", "combine", "transfer"})
OF_BILL: Final = frozenset({"bill_discount", "late", "own_time", "expense"})


_WHY = EditField("note", "Why is less billed?", "area", is_required=True)
_WHY_OPTIONAL = EditField("note", "Why (optional)", "area")
_UNTIL = EditField("until", "Until (optional)", "date", hint="No bill takes it before then; empty: the next one does")
_HOW_MUCH = (
    EditField(
        "of",
        "Take off",
        "choice",
        options=[Option("amount", "dollars"), Option("units", "hours or units")],
    ),
    EditField("value", "How much", "decimal", is_required=True),
)
_DISCOUNT = (
    EditField("of", "Discount in", "choice", options=[Option("percent", "percent"), Option("amount", "dollars")]),
    EditField("value", "How much (empty takes it away)", "decimal"),
)


def line_question(kind: str, line: LineRow, performers: Sequence[Performer] = ()) -> Question:
    """Return what is asked of one line; `performers` are who may have done its work.

    Raises:
        InvalidInputError: there is no such question, or none of this kind of line.
    """
    name = f"line {line.line_number}"
    if kind not in OF_LINE:
        raise InvalidInputError("There is no such step. Nothing was changed; reload the page.")
    if kind in TO_TIMEKEEPER and line.kind is not EntryKind.FEE:
        raise InvalidInputError("Only time has a timekeeper to ask. Nothing was changed.")
    if kind == "part":
        return _part(line)
    if kind == "performer":
        return ask_performer(line, performers)
    if kind in TO_TIMEKEEPER:
        return ask_timekeeper(kind, line)
    return _CUTS[kind](name)


def many_question(kind: str, lines: Sequence[LineRow]) -> Question:
    """Return what is asked of many lines.

    Raises:
        InvalidInputError: no line is chosen, or there is no such question.
    """
    if not lines:
        raise InvalidInputError("No line is chosen. Nothing was changed; tick some lines first.")
    if kind not in OF_MANY:
        raise InvalidInputError("There is no such step. Nothing was changed; reload the page.")
    name = f"{counted(len(lines), 'line')}, {as_dollars(total(line.billed_amount for line in lines))}"
    if kind == "combine":
        return Question(
            "combine",
            f"Bill {name} as one expense",
            "Each expense keeps its own record and receipt; the carrier sees one line of their sum.",
            "Combine",
            fields=(EditField("narrative", "Narrative of the one line", "area", is_required=True),),
        )
    if kind == "codes":
        return Question(
            "codes",
            f"Set codes of {name}",
            "Empty fields leave the code as it is.",
            "Set codes",
            fields=(
                EditField("task_code", "Task", "code"),
                EditField("activity_code", "Activity", "code"),
                EditField("expense_code", "Expense code", "code"),
            ),
        )
    return _CUTS[kind](name)


def bill_question(kind: str, detail: ProformaDetail, late: Sequence[LateItem] = ()) -> Question:
    """Return what is asked of the whole bill.

    Raises:
        InvalidInputError: there is no such question, or nothing to ask about.
    """
    if kind == "bill_discount":
        return _bill_discount()
    if kind == "late":
        return _late(late)
    if kind not in OF_BILL:
        raise InvalidInputError("There is no such step. Nothing was changed; reload the page.")
    last = min(detail.row.period_end, today()).isoformat()
    return _own_time(last) if kind == "own_time" else _expense(last)


def _write_down(name: str) -> Question:
    text = "It comes off what is billed; hours and narrative as entered are kept beside it."
    return Question("write_down", f"Write {name} down", text, "Write down", fields=(*_HOW_MUCH, _WHY))


def _discount(name: str) -> Question:
    text = "A discount shows on the bill; a percent follows later changes of the hours."
    return Question("discount", f"Discount on {name}", text, "Give the discount", fields=(*_DISCOUNT, _WHY_OPTIONAL))


def _write_off(name: str) -> Question:
    text = "It leaves the bill for good. You can take the step back until the invoice is made."
    why = EditField("note", "Why is it not billed?", "area", is_required=True)
    return Question("write_off", f"Write {name} off", text, "Write off", tone="red", fields=(why,))


def _hold(name: str) -> Question:
    text = "It is left for a later bill and goes back to work in progress when this invoice is made."
    return Question("hold", f"Hold {name}", text, "Hold", fields=(_UNTIL, _WHY_OPTIONAL))


def _no_charge(name: str) -> Question:
    text = "The bill shows it at nothing. Payors that take LEDES files get no such line; for them, write it off."
    return Question("no_charge", f"Bill {name} without charge", text, "No charge", fields=(_WHY,))


def _no_print(name: str) -> Question:
    text = "Its value counts, and the bill does not itemize it. Not for payors that take LEDES files."
    return Question("no_print", f"Do not itemize {name}", text, "Do not itemize", fields=(_WHY_OPTIONAL,))


def _transfer(name: str) -> Question:
    text = "The work goes to the other matter at once, where it is billed next. You can take the step back until then."
    fields = (_WHY_OPTIONAL,)
    return Question("transfer", f"Transfer {name} to another matter", text, "Transfer", asks_matter=True, fields=fields)


_CUTS = {
    "write_down": _write_down,
    "discount": _discount,
    "write_off": _write_off,
    "hold": _hold,
    "no_charge": _no_charge,
    "no_print": _no_print,
    "transfer": _transfer,
}


def _part(line: LineRow) -> Question:
    title = f"Transfer a part of line {line.line_number}"
    if line.kind is EntryKind.EXPENSE:
        text = "So many dollars go to the other matter at once; the rest is billed here."
        fields = (EditField("amount", "Dollars that go", "decimal", is_required=True), _WHY_OPTIONAL)
        return Question("part", title, text, "Transfer the part", asks_matter=True, fields=fields)
    text = f"{line.timekeeper_name} says how many of the {units(line.billed_units)} h were for which matter."
    return Question(
        "part",
        title,
        text,
        "Propose to the timekeeper",
        asks_matter=True,
        fields=(
            EditField("stays", "What was done for this matter", "area", line.billed_narrative, is_required=True),
            EditField("goes", "What was done for the other matter", "area", is_required=True),
        ),
    )


def _bill_discount() -> Question:
    on = [Option("IF", "all fees"), Option("IE", "all expenses")]
    text = "It is a line of its own on the bill and in the LEDES file. A percent follows later changes of the lines."
    return Question(
        "bill_discount",
        "Discount on the whole bill",
        text,
        "Give the discount",
        fields=(
            EditField("on", "On", "choice", options=on),
            *_DISCOUNT,
            EditField("note", "Words that the carrier reads", value="Courtesy discount", is_required=True),
        ),
    )


def _late(items: Sequence[LateItem]) -> Question:
    if not items:
        raise InvalidInputError("No released work of this matter waits up to the end of this period.")
    ticks = tuple(
        EditField(
            f"{item.kind.value}-{item.id}",
            f"{day(item.worked_on)} · {item.who or 'Expense'} · {units(item.units)} · {_amount(item)}",
            "tick",
            hint=item.narrative,
        )
        for item in items
    )
    text = "Released after the billing run, on no bill yet. What you tick comes behind the last line."
    return Question("late", "Add late work", text, "Add", fields=ticks)


def _amount(item: LateItem) -> str:
    return as_dollars(item.amount) if item.unit_cost is not None else "no rate"


def _own_time(last: str) -> Question:
    text = "Your own work alone: what you record here is your statement. It is billed on this proforma."
    return Question(
        "own_time",
        "Add time of yours",
        text,
        "Record and bill it",
        fields=(
            EditField("worked_on", "Day of the work", "date", last, is_required=True),
            EditField("hours", "Hours", "decimal", is_required=True),
            EditField("task_code", "Task", "code", is_required=True),
            EditField("activity_code", "Activity", "code", is_required=True),
            EditField("narrative", "Narrative", "area", is_required=True),
        ),
    )


def _expense(last: str) -> Question:
    text = "It is recorded on the matter and billed on this proforma."
    return Question(
        "expense",
        "Add an expense",
        text,
        "Record and bill it",
        fields=(
            EditField("incurred_on", "Day", "date", last, is_required=True),
            EditField("units", "Units", "decimal", "1", is_required=True),
            EditField("unit_cost", "Dollars each", "decimal", is_required=True),
            EditField("expense_code", "Expense code", "code", is_required=True),
            EditField("narrative", "Narrative", "area", is_required=True),
        ),
    )
