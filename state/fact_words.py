"""What an event says of its record, in words: 'verified' is no word of people, and an id tells them nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime

from core.errors import InvalidInputError
from core.money import as_dollars, to_decimal
from state.words import counted, day, moment

_SILENT = frozenset({
    "correlation_id", "characters_replaced", "sha256", "was", "fence", "version", "key_id", "object_key", "occasion",
})  # fmt: skip
_SECOND_MS, _MINUTE_MS, _HOUR_MS = 1000, 60_000, 3_600_000


def facts_in_words(data: Mapping[str, object], people: Mapping[int, str]) -> str:
    """Return an event's facts for people: 'receipt R-7 · found when it was looked for'; `people` are names by id."""
    told = (_fact(name, value, people) for name, value in data.items() if name not in _SILENT)
    return " · ".join(words for words in told if words)


def _fact(name: str, value: object, people: Mapping[int, str]) -> str:
    if value in (None, "", []):
        return ""
    if name in _PEOPLE:
        who = people.get(value) if isinstance(value, int) else None
        return f"{_PEOPLE[name]} {who}" if who else ""
    if name in _WORDS:
        return _WORDS[name](value)
    if name.endswith("_id"):
        return ""
    label = name.replace("_", " ")
    if isinstance(value, bool):
        return label if value else ""
    return f"{label} {_plain(value)}"


def _plain(value: object) -> str:
    return " to ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")


def _wait(value: object) -> str:
    """Return how long a file waits until it is due again."""
    waits = int(str(value))
    if waits < _SECOND_MS:
        return ""
    if waits < _MINUTE_MS:
        return f"again in {counted(waits // _SECOND_MS, 'second')}"
    if waits < _HOUR_MS:
        return f"again in {counted(waits // _MINUTE_MS, 'minute')}"
    return f"again in {counted(waits // _HOUR_MS, 'hour')}"


def _money(label: str) -> Callable[[object], str]:
    return lambda value: f"{label} {_dollars(value)}".strip()


def _dollars(value: object) -> str:
    """Return an amount, or what it was and became; what is none stays as it is."""
    if isinstance(value, list):
        return " to ".join(_dollars(one) for one in value)
    try:
        return as_dollars(to_decimal(str(value)))
    except InvalidInputError:
        return str(value)


def _on(label: str) -> Callable[[object], str]:
    return lambda value: f"{label} {day(datetime.fromisoformat(str(value)).date())}"


_PEOPLE = {"decider_id": "for", "former_decider_id": "before:", "to_id": "to", "owner_id": "to"}
_WORDS: dict[str, Callable[[object], str]] = {
    "verified": lambda value: "found when it was looked for" if value else "",
    "receipt_number": lambda value: f"receipt {value}",
    "step": lambda value: f"step “{value}”",
    "error_code": lambda value: f"reason: {_plain(value)}",
    "delay_ms": _wait,
    "decide_by": lambda value: f"until {moment(datetime.fromisoformat(str(value)))}",
    "size_bytes": lambda value: f"{int(str(value)) // 1024 + 1:,} KB",
    "amount": _money(""),
    "total_amount": _money("total"),
    "accepted": _money("accepted"),
    "granted": _money("granted"),
    "due_on": _on("last day"),
    "sent_on": _on("on"),
}
