"""A profile in the editor: plain data that may be wrong for a while, its problems named in words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from carriers.profile import InvalidProfileError, load_profile
from carriers.profile_checks import EVERY_LIST
from carriers.profile_diff import list_name
from carriers.steps import RowField
from core.errors import InvalidInputError
from core.money import to_decimal

Document = dict[str, Any]
Step = dict[str, Any]
MOST_STEPS = 60
COLUMNS: tuple[str, ...] = get_args(RowField)
VERBS = {
    "goto": ("Open an address", ("value",)),
    "fill": ("Type", ("selectors", "value")),
    "choose": ("Choose in a list", ("selectors", "value")),
    "check": ("Set a box", ("selectors", "on", "certify")),
    "click": ("Click", ("selectors", "commit", "certify")),
    "upload": ("Give the file", ("selectors", "value")),
    "expect": ("Expect a page", ("page",)),
    "wait_for": ("Wait for", ("selectors", "gone")),
    "read": ("Read a text", ("selectors", "into", "pattern", "optional")),
    "read_table": ("Read a table", ("table",)),
    "otp": ("Type the one-time code", ("selectors",)),
    "frame": ("Go into a frame", ("selectors",)),
    "switch_window": ("Change the window", ("value",)),
    "dismiss": ("Answer or close", ("selectors", "accept")),
}
FLAGS = ("commit", "certify", "on", "gone", "optional", "accept")
_ON_BY_DEFAULT = frozenset({"on", "accept"})
_PARTS = ("format", "codes", "people", "result_channel", "money", "credentials", "pages", "outcomes", "decisions")
_OF_SITE = frozenset({"credentials", "pages", "outcomes", "decisions"})
_LONGEST = 20_000


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a draft from being saved: where it stands, in words, and what is wrong."""

    where: str
    what: str


def step_lists() -> list[tuple[str, str]]:
    """Return every step list with what people call it."""
    return [(name, list_name(name)) for name in EVERY_LIST]


def part_names() -> tuple[str, ...]:
    """Return the parts beside the steps that are edited as text."""
    return _PARTS


def steps_of(document: Document, name: str) -> list[Step]:
    """Return one list of a draft; [] where it is missing."""
    steps = (document.get("site") or {}).get("steps") or {}
    return [step for step in steps.get(name) or [] if isinstance(step, dict)]


def with_steps(document: Document, name: str, steps: Sequence[Step]) -> Document:
    """Return the draft with another list.

    Raises:
        InvalidInputError: it would be longer than any site needs.
    """
    if len(steps) > MOST_STEPS:
        raise InvalidInputError(f"A list has at most {MOST_STEPS} steps. Nothing was changed.")
    site = document.get("site") or {}
    return {**document, "site": {**site, "steps": {**(site.get("steps") or {}), name: list(steps)}}}


def new_step(verb: str) -> Step:
    """Return an empty step of a verb.

    Raises:
        InvalidInputError: there is no such verb.
    """
    if verb not in VERBS:
        raise InvalidInputError("The page sent a kind of step that is not known. Nothing was changed.")
    title, fields = VERBS[verb]
    step: Step = {"verb": verb, "label": title, "timeout_seconds": 10.0}
    if "selectors" in fields:
        step["selectors"] = []
    return step


def changed_step(step: Step, form: Mapping[str, str]) -> Step:
    """Return a step with what was typed into its form.

    Raises:
        InvalidInputError: the time limit is no number, or the rest is no JSON.
    """
    fields = VERBS[str(step["verb"])][1]
    changed = {
        **step,
        "label": form.get("label", "").strip()[:80],
        "timeout_seconds": _seconds(form.get("seconds", "")),
    }
    for name in ("value", "page", "into", "pattern"):
        if name in fields:
            changed[name] = form.get(name, "").strip()[:1000] or None
    if "selectors" in fields:
        changed["selectors"] = _lines(form.get("selectors", "")) or None
    for flag in FLAGS:
        if flag in fields:
            changed[flag] = form.get(flag) in {"on", "true"}
    if "table" in fields:
        changed |= _typed_table(form)
    return {key: value for key, value in changed.items() if value is not None}


def flags_of(step: Step) -> dict[str, bool]:
    """Return the yes-or-no fields of a step."""
    fields = VERBS.get(str(step.get("verb")), ("", ()))[1]
    return {flag: bool(step.get(flag, flag in _ON_BY_DEFAULT)) for flag in FLAGS if flag in fields}


def table_of(step: Step) -> tuple[str, str, dict[str, str]]:
    """Return the rows' selectors and the sign of an empty list, one a line, and the columns by name."""
    table = step.get("table") if isinstance(step.get("table"), dict) else {}
    columns = {str(name): str(place) for name, place in ((table or {}).get("columns") or {}).items()}
    rows, empty = ((table or {}).get("selectors") or [], step.get("empty") or [])
    return "\n".join(map(str, rows)), "\n".join(map(str, empty)), columns


def part_text(document: Document, name: str) -> str:
    """Return one part of a draft as JSON."""
    holder = (document.get("site") or {}) if name in _OF_SITE else document
    return json.dumps(holder.get(name), indent=2)


def with_part(document: Document, name: str, text: str) -> Document:
    """Return the draft with another part.

    Raises:
        InvalidInputError: there is no such part, or the text is no JSON.
    """
    if name not in _PARTS:
        raise InvalidInputError("The page sent a part that is not known. Nothing was changed.")
    value = _parsed(text)
    if name not in _OF_SITE:
        return {**document, name: value}
    return {**document, "site": {**(document.get("site") or {}), name: value}}


def site_facts(document: Document) -> tuple[str, str, str]:
    """Return the site's title, allowed hosts one a line, and settling time of a draft."""
    site = document.get("site") or {}
    hosts = site.get("allowed_hosts") or ["{site_host}"]
    return str(site.get("title") or ""), "\n".join(map(str, hosts)), str(site.get("settle_seconds") or 0)


def with_site_facts(document: Document, *, title: str, hosts: str, settle: str) -> Document:
    """Return the draft with another title, other hosts and another settling time.

    Raises:
        InvalidInputError: the time is no number.
    """
    listed = [line.strip()[:255] for line in hosts.splitlines() if line.strip()][:20]
    site = {**(document.get("site") or {}), "title": title.strip()[:120], "allowed_hosts": listed}
    return {**document, "site": {**site, "settle_seconds": _seconds(settle)}}


def problems_of(document: Document) -> list[Problem]:
    """Return everything that keeps a draft from being saved; [] when it could be."""
    try:
        load_profile(document)
    except InvalidProfileError as invalid:
        return [Problem(_place(where), one) for where, what in invalid.problems for one in what.split("; ")]
    return []


def _place(where: str) -> str:
    parts = where.split(".")
    if parts[:2] == ["site", "steps"] and len(parts) > 2:  # noqa: PLR2004 -- site, steps, the list
        name = list_name(parts[2]) if parts[2] in EVERY_LIST else parts[2]
        step = f", step {int(parts[3]) + 1}" if len(parts) > 3 and parts[3].isdigit() else ""  # noqa: PLR2004 -- the step
        return f"{name}{step}{f': {parts[-1]}' if len(parts) > 5 else ''}"  # noqa: PLR2004 -- verb, then the field
    return " · ".join(part.replace("_", " ") for part in parts)


def _seconds(text: str) -> float:
    try:
        milliseconds = int(to_decimal(text.strip() or "10") * 1000)
    except (InvalidInputError, ValueError, OverflowError) as wrong:
        raise InvalidInputError(f"“{text.strip()[:40]}” is no number of seconds. Nothing was changed.") from wrong
    return milliseconds / 1000


def _typed_table(form: Mapping[str, str]) -> dict[str, Any]:
    columns = {name: form.get(name, "").strip()[:500] for name in COLUMNS if form.get(name, "").strip()}
    return {
        "into": form.get("table_into", ""),
        "table": {"selectors": _lines(form.get("rows", "")), "columns": columns},
        "empty": _lines(form.get("empty", "")) or None,
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()][:10]


def _parsed(text: str) -> Any:  # noqa: ANN401 -- any JSON value
    if len(text) > _LONGEST:
        raise InvalidInputError("This is far longer than a profile needs. Nothing was changed.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise InvalidInputError(f"This is no JSON: {str(wrong)[:120]}. Nothing was changed; correct it.") from wrong
