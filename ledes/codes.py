"""What a line's type asks of its codes and its timekeeper."""

from typing import Final

from ledes.document import ADJUSTMENTS, LineType
from ledes.findings import FindingCode, Problem
from ledes.utbms import is_activity, is_expense, is_task
from ledes.values import Problems, problem, shown, text_problems

_TYPE: Final = "EXP/FEE/INV_ADJ_TYPE"
_TASK: Final = "LINE_ITEM_TASK_CODE"
_EXPENSE: Final = "LINE_ITEM_EXPENSE_CODE"
_ACTIVITY: Final = "LINE_ITEM_ACTIVITY_CODE"
_TIMEKEEPER: Final = "TIMEKEEPER_ID"
_NAME: Final = "TIMEKEEPER_NAME"
_CLASS: Final = "TIMEKEEPER_CLASSIFICATION"
_ADJUSTMENT_NAME: Final = "an invoice-level adjustment"
_TYPES: Final = {member.value: member for member in LineType}


def read_codes(texts: tuple[str, str, str, str]) -> tuple[LineType | None, Problems]:
    """Return the type of a line, and the faults of its type, task, expense and activity code taken together."""
    line_type, task, expense, activity = texts
    values = {_TASK: task, _EXPENSE: expense, _ACTIVITY: activity}
    found = [one for field, text in values.items() for one in text_problems(text, field)]
    kind = _TYPES.get(line_type)
    if kind is None:
        message = f"is {shown(line_type)}, not one of F, E, IF, IE."
        found.append(problem(FindingCode.BAD_LINE_TYPE, _TYPE, message, "Write F for a fee, E for an expense."))
        return None, tuple(found)
    found += _needs(kind, values)
    found += _unknown(task, expense, activity)
    return kind, tuple(found)


def read_timekeeper(texts: tuple[str, str, str, str]) -> Problems:
    """Return the faults of a timekeeper's id, name and classification (after the type) on a line of a type.

    Apart from the codes, because few timekeepers and few codes make many pairs, too many to look up quickly.
    """
    line_type, timekeeper, name, classification = texts
    values = {_TIMEKEEPER: timekeeper, _NAME: name, _CLASS: classification}
    found = [one for field, text in values.items() for one in text_problems(text, field)]
    kind = _TYPES.get(line_type)
    if kind is LineType.FEE and not timekeeper:
        found.append(_missing(FindingCode.TIMEKEEPER_MISSING, _TIMEKEEPER, "a fee"))
    elif kind in ADJUSTMENTS:
        found += _not_allowed(values, (_TIMEKEEPER,), _ADJUSTMENT_NAME)
    if kind is not None and name and "," not in name:
        message = f"is {shown(name)}, not in the form that portals check."
        found.append(problem(FindingCode.NAME_FORMAT, _NAME, message, "Write it as Last, First."))
    return tuple(found)


def _needs(kind: LineType, values: dict[str, str]) -> list[Problem]:
    if kind is LineType.FEE:
        return _fee_needs(values)
    if kind is LineType.EXPENSE:
        missing = [] if values[_EXPENSE] else [_missing(FindingCode.EXPENSE_CODE_MISSING, _EXPENSE, "an expense")]
        return missing + _not_allowed(values, (_TASK, _ACTIVITY), "an expense")
    return _not_allowed(values, (_TASK, _EXPENSE, _ACTIVITY), _ADJUSTMENT_NAME)


def _fee_needs(values: dict[str, str]) -> list[Problem]:
    found = _not_allowed(values, (_EXPENSE,), "a fee")
    if not values[_TASK]:
        found.append(_missing(FindingCode.TASK_MISSING, _TASK, "a fee"))
        if values[_ACTIVITY]:
            message = f"is {shown(values[_ACTIVITY])} on a line without a task code."
            found.append(problem(FindingCode.ACTIVITY_WITHOUT_TASK, _ACTIVITY, message, "Give the task code too."))
    if not values[_ACTIVITY]:
        found.append(_missing(FindingCode.ACTIVITY_MISSING, _ACTIVITY, "a fee"))
    return found


def _missing(code: FindingCode, field: str, kind: str) -> Problem:
    return problem(code, field, f"is blank on {kind}.", "Give it; no code is ever filled in by default.")


def _not_allowed(values: dict[str, str], fields: tuple[str, ...], kind: str) -> list[Problem]:
    return [
        problem(FindingCode.CODE_NOT_ALLOWED, field, f"is {shown(values[field])} on {kind}.", "Leave it blank there.")
        for field in fields
        if values[field]
    ]


def _unknown(task: str, expense: str, activity: str) -> list[Problem]:
    checks = ((task, is_task, _TASK), (expense, is_expense, _EXPENSE), (activity, is_activity, _ACTIVITY))
    fix = "Check the code, unless this carrier has a list of its own."
    return [
        problem(FindingCode.UNKNOWN_CODE, field, f"is {shown(code)}, which the UTBMS lists do not have.", fix)
        for code, is_known, field in checks
        if code and not is_known(code)
    ]
