"""What differs between two profiles, in words and by part, for a person who decides whether to put one in force."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from carriers.profile import CarrierProfile
from carriers.profile_checks import EVERY_LIST

_LONGEST = 120
_PERSON = "timekeeper"
_PARTS = {
    "format": "Format",
    "codes": "Codes",
    "people": "People and rates",
    "guidelines": "Guidelines",
    "result_channel": "Result channel",
    "money": "Money",
}
_LISTS = {
    "login": "Log-in",
    "find_invoice": "Find the invoice",
    "upload": "Upload",
    "resume": "Resume",
    "submit": "Submit",
    "read_result": "Read the result",
    "logout": "Log-out",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs: the part of the profile, and a sentence."""

    part: str
    text: str


def list_name(name: str) -> str:
    """Return what people call a step list."""
    return _LISTS[name]


def diff_profiles(before: CarrierProfile, after: CarrierProfile) -> list[Difference]:
    """Return every difference, by part and in the order of the profile."""
    old, new = _dumped(before), _dumped(after)
    found = [
        Difference(title, text)
        for part, title in _PARTS.items()
        if part not in {"guidelines", "people"}
        for text in _values("", old[part], new[part])
    ]
    found += [Difference("People and rates", text) for text in _items("rate of", old["people"], new["people"], _PERSON)]
    found += [Difference("Guidelines", text) for text in _rules(old["guidelines"], new["guidelines"])]
    site_old, site_new = old["site"], new["site"]
    for name in EVERY_LIST:
        steps = _steps(site_old["steps"][name], site_new["steps"][name])
        found += [Difference(_LISTS[name], text) for text in steps]
    rest = [key for key in site_new if key not in {"steps", "outcomes"}]
    found += [Difference("Site", text) for key in rest for text in _values(key, site_old[key], site_new[key])]
    return found + [
        Difference("Site", t) for t in _items("outcome", site_old["outcomes"], site_new["outcomes"], "signal")
    ]


def _dumped(profile: CarrierProfile) -> dict[str, Any]:
    """Return the profile as JSON values, with sets in one order."""
    document = profile.model_dump(mode="json")
    document["format"]["required"].sort()
    site = document["site"]
    for name in ("unfinished_statuses", "ignored_statuses"):
        site[name].sort()
    for outcome in site["outcomes"]:
        outcome["lists"] = sorted(outcome["lists"]) if outcome["lists"] else None
    return document


def _values(name: str, old: Any, new: Any) -> Iterator[str]:  # noqa: ANN401 -- any JSON value
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in (*old, *(key for key in new if key not in old)):
            yield from _values(f"{name}.{key}".strip("."), old.get(key), new.get(key))
        return
    yield f"{name.replace('_', ' ')}: {_said(old)} became {_said(new)}"


def _rules(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from _items("rule", old, new, "kind")


def _items(noun: str, old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]], name: str) -> Iterator[str]:
    for change, was, becomes in _changes(old, new):
        if change == "replace" and len(was) == len(becomes):
            for earlier, later in zip(was, becomes, strict=True):
                yield f"{noun} '{later[name]}': {'; '.join(_values('', earlier, later))}"
            continue
        yield from (f"{noun} '{one[name]}' was removed" for one in was)
        yield from (f"{noun} '{one[name]}' was added" for one in becomes)


def _steps(old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]) -> Iterator[str]:
    for change, was, becomes in _changes(old, new):
        if change == "replace" and len(was) == len(becomes):
            for earlier, later in zip(was, becomes, strict=True):
                yield f"step {new.index(later) + 1} '{later['label']}': {'; '.join(_values('', earlier, later))}"
            continue
        yield from (f"step {old.index(one) + 1} '{one['label']}' ({one['verb']}) was removed" for one in was)
        yield from (f"step {new.index(one) + 1} '{one['label']}' ({one['verb']}) was added" for one in becomes)


def _changes(
    old: Sequence[dict[str, Any]], new: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, Sequence[dict[str, Any]], Sequence[dict[str, Any]]]]:
    matcher = SequenceMatcher(None, _keys(old), _keys(new), autojunk=False)
    for change, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if change != "equal":
            yield change, old[old_from:old_to], new[new_from:new_to]


def _keys(items: Sequence[dict[str, Any]]) -> list[str]:
    return [json.dumps(item, sort_keys=True) for item in items]


def _said(value: Any) -> str:  # noqa: ANN401 -- any JSON value
    if value is None or value in ("", [], {}):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    is_texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
    text = " | ".join(value) if is_texts else value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
