"""What a line's type asks of its codes and its timekeeper."""

from typing import Final

from ledes.document import ADJUSTMENTS, LineType
from ledes.findings import FindingCode, Problem
from ledes.pipe.layout import Field
from ledes.pipe.limits import Limits
from ledes.pipe.values import Problems, problem, shown, text_problems
from ledes.utbms import is_activity, is_expense, is_task
from ledes.utbms.classifications import is_classification

_TYPE: Final = "EXP/FEE/INV_ADJ_TYPE"
_TASK: Final = "LINE_ITEM_TASK_CODE"
_EXPENSE: Final = "LINE_ITEM_EXPENSE_CODE"
_ACTIVITY: Final = "LINE_ITEM_ACTIVITY_CODE"
_TIMEKEEPER: Final = "TIMEKEEPER_ID"
_NAME: Final = "TIMEKEEPER_NAME"
_CLASS: Final = "TIMEKEEPER_CLASSIFICATION"
_TIMEKEEPER_FIELDS: Final = (_TIMEKEEPER, _NAME, _CLASS, "TIMEKEEPER_LAST_NAME", "TIMEKEEPER_FIRST_NAME")
_ADJUSTMENT_NAME: Final = "an invoice-level adjustment"
LINE_TYPES: Final = {member.value: member for member in LineType}


def read_codes(texts: tuple[str, ...], limits: Limits) -> Problems:
    """Return the faults of a line's type, task, expense and activity code taken together."""
    line_type, task, expense, activity = texts
    values = {_TASK: task, _EXPENSE: expense, _ACTIVITY: activity}
    found = [one for name, text in values.items() for one in text_problems(text, limits.field[name])]
    kind = LINE_TYPES.get(line_type)
    if kind is None:
        message = f"is {shown(line_type)}, not one of F, E, IF, IE."
        fix = "Write F for a fee, E for an expense."
        found.append(problem(FindingCode.BAD_LINE_TYPE, limits.field[_TYPE], message, fix, line_type))
        return tuple(found)
    found += _needs(kind, values, limits)
    found += _unknown(values, limits)
    return tuple(found)


def read_timekeeper(texts: tuple[str, ...], limits: Limits) -> Problems:
    """Return the faults of a timekeeper's id, name, classification and (98BI) last and first name, after the type.

    Apart from the codes, because few timekeepers and few codes make many pairs, too many to look up quickly.
    """
    kind = LINE_TYPES.get(texts[0])
    values = dict(zip(_TIMEKEEPER_FIELDS, texts[1:], strict=False))
    found = [one for name, text in values.items() for one in text_problems(text, limits.field[name])]
    if kind is LineType.FEE:
        found += _fee_timekeeper(values, limits)
    elif kind in ADJUSTMENTS:
        found += _not_allowed(values, (_TIMEKEEPER,), _ADJUSTMENT_NAME, limits)
    if kind is not None:
        found += _forms(values[_NAME], values[_CLASS], limits)
    return tuple(found)


def _fee_timekeeper(values: dict[str, str], limits: Limits) -> list[Problem]:
    blank = [limits.field[name] for name, text in values.items() if not text]
    return [
        _missing(FindingCode.TIMEKEEPER_MISSING, field, "a fee")
        if field.name == _TIMEKEEPER
        else problem(FindingCode.REQUIRED_MISSING, field, "is blank on a fee.", "Give it, as the client knows it.")
        for field in blank
        if field.name == _TIMEKEEPER or field.required == "on fees"
    ]


def _forms(name: str, classification: str, limits: Limits) -> list[Problem]:
    found: list[Problem] = []
    scheme = limits.file_format.classifications
    if name and "," not in name and limits.file_format.timekeeper_name == "last_comma_first":
        message = f"is {shown(name)}, not in the form that portals check."
        found.append(problem(FindingCode.NAME_FORMAT, limits.field[_NAME], message, "Write it as Last, First.", name))
    if classification and not is_classification(classification, scheme):
        lists = "neither list of classifications has" if scheme == "any" else f"the {scheme} list does not have"
        message = f"is {shown(classification)}, which {lists}."
        fix = (
            "Write PT, AS, OC, LA or OT." if scheme == "old" else "Check it, unless this carrier has a list of its own."
        )
        found.append(_classification(message, fix, classification, limits))
    return found


def _classification(message: str, fix: str, text: str, limits: Limits) -> Problem:
    """Return a warning where the carrier has not said which list counts."""
    field = limits.field[_CLASS]
    is_warning = limits.file_format.classifications == "any"
    code = FindingCode.UNKNOWN_CLASSIFICATION
    return Problem(code, field.name, f"{field.name} {message}", fix, is_warning, field.position, text)


def _needs(kind: LineType, values: dict[str, str], limits: Limits) -> list[Problem]:
    if kind is LineType.FEE:
        return _fee_needs(values, limits)
    if kind is LineType.EXPENSE:
        code, field = FindingCode.EXPENSE_CODE_MISSING, limits.field[_EXPENSE]
        missing = [] if values[_EXPENSE] else [_missing(code, field, "an expense")]
        return missing + _not_allowed(values, (_TASK, _ACTIVITY), "an expense", limits)
    return _not_allowed(values, (_TASK, _EXPENSE, _ACTIVITY), _ADJUSTMENT_NAME, limits)


def _fee_needs(values: dict[str, str], limits: Limits) -> list[Problem]:
    found = _not_allowed(values, (_EXPENSE,), "a fee", limits)
    task, activity = values[_TASK], values[_ACTIVITY]
    if not task:
        found.append(_missing(FindingCode.TASK_MISSING, limits.field[_TASK], "a fee"))
        if activity:
            message = f"is {shown(activity)} on a line without a task code."
            fix = "Give the task code too."
            fault = problem(FindingCode.ACTIVITY_WITHOUT_TASK, limits.field[_ACTIVITY], message, fix, activity)
            found.append(fault)
    if not activity:
        found.append(_missing(FindingCode.ACTIVITY_MISSING, limits.field[_ACTIVITY], "a fee"))
    return found


def _missing(code: FindingCode, field: Field, kind: str) -> Problem:
    return problem(code, field, f"is blank on {kind}.", "Give it; no code is ever filled in by default.")


def _not_allowed(values: dict[str, str], names: tuple[str, ...], kind: str, limits: Limits) -> list[Problem]:
    code, fix = FindingCode.CODE_NOT_ALLOWED, "Leave it blank there."
    return [
        problem(code, limits.field[name], f"is {shown(values[name])} on {kind}.", fix, values[name])
        for name in names
        if values[name]
    ]


def _unknown(values: dict[str, str], limits: Limits) -> list[Problem]:
    checks = {_TASK: is_task, _EXPENSE: is_expense, _ACTIVITY: is_activity}
    message, fix = "which the UTBMS lists do not have.", "Check the code, unless this carrier has a list of its own."
    return [
        problem(FindingCode.UNKNOWN_CODE, limits.field[name], f"is {shown(code)}, {message}", fix, code)
        for name, code in values.items()
        if code and not checks[name](code)
    ]
