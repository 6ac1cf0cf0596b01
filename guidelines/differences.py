"""What one list of rules says other than another, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from guidelines.catalog import kind_of_rule
from guidelines.kinds.base import ParameterType
from guidelines.rules import Rule
from guidelines.sentences import ACTIONS, NOTHING, conditions_of, sentence_of, value_words

_LISTS = frozenset({ParameterType.PHRASES, ParameterType.CODES, ParameterType.CHOICES})


class Change(StrEnum):
    """What became of a rule."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule that differs; `sentences` say how."""

    change: Change
    title: str
    sentences: tuple[str, ...]


def differences(before: Sequence[Rule], after: Sequence[Rule]) -> list[Difference]:
    """Return what differs, rules of one name compared with each other, in the order of the later list."""
    old, new = {rule.name: rule for rule in before}, {rule.name: rule for rule in after}
    found = [one for name, rule in new.items() if (one := _difference(old.get(name), rule)) is not None]
    found += [Difference(Change.REMOVED, _title(rule), (sentence_of(rule),)) for rule in before if rule.name not in new]
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found.append(Difference(Change.MOVED, "Order of the list", ("The rules stand in another order.",)))
    return found


def _difference(before: Rule | None, after: Rule) -> Difference | None:
    if before is None:
        return Difference(
            Change.ADDED, _title(after), (f"{sentence_of(after)} What breaks it {ACTIONS[after.action]}.",)
        )
    if before == after:
        return None
    if before.kind != after.kind:
        return Difference(Change.CHANGED, _title(after), (f"Was: {sentence_of(before)}", f"Is: {sentence_of(after)}"))
    return Difference(Change.CHANGED, _title(after), tuple(_sentences(before, after)))


def _sentences(before: Rule, after: Rule) -> Iterator[str]:
    if before.action != after.action:
        yield f"What breaks it {ACTIONS[after.action]}; until now it {ACTIONS[before.action]}."
    for parameter in kind_of_rule(after.kind).parameters:
        old, new = getattr(before, parameter.name), getattr(after, parameter.name)
        if old == new:
            continue
        if parameter.type in _LISTS:
            yield f"{parameter.label}: {_list_words(old, new)}."
        else:
            yield f"{parameter.label}: {value_words(parameter, new)}, was {value_words(parameter, old)}."
    if (old_words := conditions_of(before)) != (new_words := conditions_of(after)):
        yield f"Holds: {new_words or 'always, for all'}; was: {old_words or 'always, for all'}."


def _list_words(before: Sequence[str] | frozenset[str], after: Sequence[str] | frozenset[str]) -> str:
    added = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    if not added and not gone:
        return "in another order"
    parts = [f"{verb} {', '.join(sorted(ones))}" for verb, ones in (("added", added), ("took out", gone)) if ones]
    return " and ".join(parts) or NOTHING


def _title(rule: Rule) -> str:
    title = kind_of_rule(rule.kind).title
    return f"{title} ({rule.id})" if rule.id else title
