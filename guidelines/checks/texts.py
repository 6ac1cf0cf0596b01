"""Checks of narratives: what they hold, what they lack, how long they are; and of missing codes."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from guidelines.fixes import CodeField, Split, WriteOff
from guidelines.judgement import block_billing as judged_block
from guidelines.judgement import vagueness
from guidelines.keywords import Keywords
from guidelines.kinds import texts as kinds
from guidelines.kinds.base import Action
from guidelines.lines import GuidelineLine
from guidelines.suggestions import suggested_code
from guidelines.view import Check, Hit, View

_CODES: Final[dict[CodeField, str]] = {
    "task_code": "a task code",
    "activity_code": "an activity code",
    "expense_code": "an expense code",
}
_SAY: Final = "Say what was done and why."


def block_billing(rule: kinds.BlockBilling) -> Check:
    """Find a narrative of several tasks; propose its parts."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.fees:
            if line.units > rule.over_hours and (found := judged_block(line.narrative)):
                fix = Split(found.parts) if len(found.parts) > 1 else None
                remedy = "Have its timekeeper give each task its own time."
                yield Hit(line, found.reason, remedy, fix, line.units)

    return check


def vague_narrative(rule: kinds.VagueNarrative) -> Check:
    """Find a narrative that holds a barred phrase, has too few words, or says too little."""
    barred = Keywords(rule.phrases, is_inflected=False)

    def check(view: View) -> Iterator[Hit]:
        for line, found in zip(view.lines, barred.among(view.narratives), strict=True):
            problem = _vague(rule, found, line)
            if problem:
                yield Hit(line, problem, _SAY)

    return check


def _vague(rule: kinds.VagueNarrative, found: str | None, line: GuidelineLine) -> str | None:
    if found:
        return f"The narrative says “{found}”, which this carrier calls vague."
    words = len(line.narrative.split()) if rule.min_words else 0
    if words < rule.min_words:
        return f"The narrative has {words} of at least {rule.min_words} words."
    if rule.detect and line.kind == "F" and (judged := vagueness(line.narrative)):
        return judged.reason
    return None


def max_narrative(rule: kinds.MaxNarrative) -> Check:
    """Find a narrative longer than the carrier's site takes."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.lines:
            length = len(line.narrative)
            if length > rule.characters:
                problem = f"The narrative has {length} characters; this carrier takes {rule.characters}."
                yield Hit(line, problem, "Shorten it.", measured=Decimal(length))

    return check


def barred_keyword(rule: kinds.BarredKeyword) -> Check:
    """Find a word that the carrier does not want to read."""
    words = Keywords(rule.keywords)

    def check(view: View) -> Iterator[Hit]:
        for line, found in zip(view.lines, words.among(view.narratives), strict=True):
            if found:
                yield Hit(line, f"The narrative says “{found}”, which this carrier bars.", "Say it in other words.")

    return check


def clerical_work(rule: kinds.ClericalWork) -> Check:
    """Find clerical work."""
    return _unpaid_work(rule, "clerical work", "Write it off, or say what needed a lawyer's or a paralegal's skill.")


def training(rule: kinds.Training) -> Check:
    """Find training, reading in and supervision."""
    return _unpaid_work(rule, "training or reading in", "Write it off, or say what it did for the matter.")


def _unpaid_work(rule: kinds.ClericalWork | kinds.Training, name: str, remedy: str) -> Check:
    words = Keywords(rule.keywords, is_task=True)

    def check(view: View) -> Iterator[Hit]:
        for line, found in zip(view.fees, words.among(view.fee_narratives), strict=True):
            if found:
                problem = f"“{found}” is {name}, which this carrier does not pay."
                if judged_block(line.narrative) is None:
                    yield Hit(line, problem, remedy, WriteOff(), line.amount)
                else:
                    fix = WriteOff() if rule.action is Action.REDUCE else None
                    yield Hit(line, problem, "Have its timekeeper tell it from the other work.", fix, line.amount)

    return check


def missing_code(_rule: kinds.MissingCode) -> Check:
    """Find a fee without task or activity, or an expense without its code; propose the one that its words suggest."""

    def check(view: View) -> Iterator[Hit]:
        for line in view.lines:
            if missing := _missing(line):
                problem = f"The line needs {' and '.join(_CODES[field] for field in missing)}."
                yield Hit(line, problem, "Choose it.", suggested_code(line, missing[0], view.bill))

    return check


def _missing(line: GuidelineLine) -> list[CodeField]:
    if line.kind == "E":
        return [] if line.expense_code else ["expense_code"]
    pairs: tuple[tuple[CodeField, str], ...] = (("task_code", line.task_code), ("activity_code", line.activity_code))
    return [field for field, code in pairs if not code]
