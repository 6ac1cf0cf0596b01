"""Questions whose answer is a timekeeper's own word: more hours, another day, another person's work."""

from collections.abc import Sequence
from typing import Final

from core.errors import InvalidInputError
from core.money import as_dollars
from services.review.performers import Performer
from services.review.proforma_lines import LineRow
from state.review.question import EditField, Option, Question
from state.words import day, units

TO_TIMEKEEPER: Final = frozenset({"hours", "date", "performer"})


def ask_timekeeper(kind: str, line: LineRow) -> Question:
    """Return what is asked of more hours ('hours') or another day ('date')."""
    reason = EditField("reason", "Why? The timekeeper reads this.", "area", is_required=True)
    if kind == "hours":
        field_ = EditField(
            "hours", "Hours", "decimal", hint=f"{units(line.entered_units)} h were entered", is_required=True
        )
        text = "Hours go up on the timekeeper's word alone. Until then the line is billed as it is."
        return Question("hours", f"Ask for more hours on line {line.line_number}", text, "Ask", fields=(field_, reason))
    field_ = EditField("worked_on", "Day of the work", "date", line.worked_on.isoformat(), is_required=True)
    text = (
        f"It says {day(line.worked_on)}. A day is corrected where it was wrong, never to satisfy a rule; "
        "the timekeeper alone can say so."
    )
    return Question("date", f"Ask for the day of line {line.line_number}", text, "Ask", fields=(field_, reason))


def ask_performer(line: LineRow, performers: Sequence[Performer]) -> Question:
    """Return what is asked of who did the work.

    Raises:
        InvalidInputError: there is nobody to choose from.
    """
    if not performers:
        raise InvalidInputError("Nobody else who signs in here has a rate for that day. Nothing was changed.")
    options = [Option("", "Choose"), *(Option(str(one.timekeeper_id), _priced(one)) for one in performers)]
    text = (
        f"It is entered under {line.timekeeper_name}. Whom you choose is asked and alone can attest it; "
        "until then the line is billed as it is. Attested, it takes their rate of that day."
    )
    return Question(
        "performer",
        f"Whose work is line {line.line_number}?",
        text,
        "Ask",
        fields=(
            EditField("timekeeper", "Who did the work", "choice", is_required=True, options=options),
            EditField("reason", "Why? The timekeeper reads this.", "area", is_required=True),
        ),
    )


def _priced(one: Performer) -> str:
    return f"{one.name} · {as_dollars(one.unit_cost)} an hour"
