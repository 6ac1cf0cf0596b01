"""Checks every segment gets: what must be there is, and days and figures can be read."""

import re
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from ledes.findings import FindingCode
from ledes.xml.elements import Element
from ledes.xml.nodes import Node
from ledes.xml.reading import Limits, Reading
from ledes.xml.values import Problems, fault, read_day, read_figure, shown


class _Words(NamedTuple):
    """What an element may hold, what it breaks when it holds something else, and the same for people."""

    pattern: re.Pattern[str]
    code: FindingCode
    wanted: str


_WORDS: Final = {
    "account_type": _Words(
        re.compile("[OT]"), FindingCode.BAD_ACCOUNT_TYPE, "O for own account or T for a third party"
    ),
    "inv_currency": _Words(re.compile("[A-Z]{3}"), FindingCode.BAD_CURRENCY, "three letters of ISO 4217, as in USD"),
    "matter_final_bill": _Words(re.compile("[YN]"), FindingCode.UNKNOWN_VALUE, "Y or N"),
}
_CODES: Final = {
    ("fee", "tk_id"): FindingCode.TIMEKEEPER_MISSING,
    ("fee", "task_code"): FindingCode.TASK_MISSING,
    ("fee", "task_activity"): FindingCode.ACTIVITY_MISSING,
    ("expense", "expense_code"): FindingCode.EXPENSE_CODE_MISSING,
}
_INSTEAD: Final = {"lf_vendor_id": "lf_id", "cl_lf_id": "cl_id"}
_REASONS: Final = {"yes": "", "draft": "; the LEDES API draft wants it", "practice": "; portals want it"}


def check_fields(node: Node, reading: Reading) -> None:
    """Report what is missing in a segment or structure, and the values that cannot be read."""
    check_required(node, reading)
    for name in node.values:
        for problem in value_problems(node.spec.known[name], node.values[name], reading.limits):
            reading.tell(problem, node.place_of(name))


def check_required(node: Node, reading: Reading) -> None:
    """Report what is missing or blank."""
    wanted = reading.limits.required(node.spec)
    missing = wanted.keys() - node.values.keys() - node.children.keys()
    for name in wanted if missing else ():
        if name in missing and node.spec.known[name].kind != "segment" and _INSTEAD.get(name) not in node.values:
            code = _CODES.get((node.spec.name, name), FindingCode.REQUIRED_MISSING)
            message = f"is {'blank' if name in node.places else 'missing'} in {node.spec.name}{_REASONS[wanted[name]]}."
            problem = fault(code, name, message, "Give it; nothing is filled in.", is_warning=wanted[name] != "yes")
            reading.tell(problem, node.place_of(name))


def value_problems(element: Element, text: str, limits: Limits) -> Problems:
    """Return the faults of a day or figure; texts have been looked at already."""
    if element.kind == "day":
        return read_day(text, element.name)[1]
    if element.kind in {"money", "number"}:
        return read_figure(text, element.name, limits.decimals(element), element.kind == "money")[1]
    return _word_problems(element.name, text)


def _word_problems(name: str, text: str) -> Problems:
    words = _WORDS.get(name)
    if words is None or words.pattern.fullmatch(text):
        return ()
    return (fault(words.code, name, f"is {shown(text)}.", f"Write {words.wanted}.", value=text),)


def day_of(node: Node, name: str) -> date | None:
    """Return a segment's day, None when it is not there or cannot be read; faults are reported elsewhere."""
    text = node.value(name)
    return read_day(text, name)[0] if text else None


def figure_of(node: Node, name: str, limits: Limits) -> Decimal | None:
    """Return a segment's figure, None when it is not there or cannot be read; faults are reported elsewhere."""
    text, element = node.value(name), node.spec.known[name]
    return read_figure(text, name, limits.decimals(element), element.kind == "money")[0] if text else None
