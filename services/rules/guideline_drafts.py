"""A rule while it is edited: its values as a form holds them, what they make, and what is wrong with which.

Values come from a browser, so each is checked for its kind before it is kept, and all of them when they are read.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from core.errors import InvalidInputError
from guidelines.catalog import KindOfRule, catalog, kind_of_rule
from guidelines.differences import Difference, differences
from guidelines.kinds.base import ParameterType
from guidelines.rules import Rule, dump_rules
from guidelines.sentences import conditions_of, sentence_of
from services.rules.guideline_versions import InvalidRulesError, read_rules

Pairs = tuple[tuple[str, str], ...]
Value = str | bool | tuple[str, ...] | Pairs
WHOLE: Final = ""
MOST_RULES: Final = 150
_LONGEST: Final = {ParameterType.PHRASES: 8000, ParameterType.CODES: 2000}
_LONGEST_TEXT: Final = 200
_MOST_PAIRS: Final = 60
_PLAIN = re.compile(r"[0-9]{0,9}(\.[0-9]{0,4})?")
_SEPARATORS = re.compile(r"[\s,;]+")
COMMON: Final[Mapping[str, ParameterType | None]] = {
    "action": ParameterType.CHOICE,
    "effective_from": None,
    "effective_to": None,
    "scope.clients": ParameterType.CODES,
    "scope.matters": ParameterType.CODES,
    "citation": None,
    "id": None,
}
_REWORDED: Final = (
    (re.compile(r"Input should be a valid decimal|Input should be a finite number"), "Give a number, as in 1.5."),
    (re.compile(r"Input should be a valid integer"), "Give a whole number, as in 30."),
    (re.compile(r"Input should be a valid date"), "Give a day, or leave it empty."),
    (re.compile(r"Input should be greater than or equal to (.+)"), r"Must be at least \1."),
    (re.compile(r"Input should be greater than (.+)"), r"Must be more than \1."),
    (re.compile(r"Input should be less than or equal to (.+)"), r"Must be at most \1."),
    (re.compile(r"String should match pattern '\^\[a-z.*"), "Use small letters, digits, - and _ only."),
    (re.compile(r"String should have at most (\d+) characters"), r"At most \1 characters."),
    (re.compile(r"Input should be ('.+)"), r"Choose \1."),
)


@dataclass(frozen=True)
class Draft:
    """One rule of an edited list.

    Attributes:
        key: its own in the list, whatever becomes of its id.
        values: by field, as typed: text, a switch, the choices made, or pairs of key and amount.
        origin: the rule in force that it came from, None for a new one.
    """

    key: str
    kind: str
    values: Mapping[str, Value]
    origin: Rule | None = None

    @property
    def title(self) -> str:
        """Return what its kind is called."""
        return kind_of_rule(self.kind).title

    @property
    def description(self) -> str:
        """Return what its kind asks."""
        return kind_of_rule(self.kind).description

    @property
    def name(self) -> str:
        """Return what the rule is called in its list."""
        return str(self.values["id"]).strip() or self.kind

    @cached_property
    def read(self) -> "ReadDraft":
        """Return the rule that the values make, or what is wrong with them."""
        given = _Given(self)
        problems = dict(given.problems)
        try:
            (rule,) = read_rules([given.data])
        except InvalidRulesError as wrong:
            for _, name, what in wrong.problems:
                problems.setdefault(self._field(name), _reworded(what))
            return ReadDraft(None, problems)
        return ReadDraft(None if problems else rule, problems)

    def _field(self, name: str) -> str:
        return (
            name if name in self.values else name.partition(".")[0] if name.partition(".")[0] in self.values else WHOLE
        )


@dataclass(frozen=True)
class ReadDraft:
    """What a draft's values make; `problems` are sentences by field, the rule's own under ''."""

    rule: Rule | None
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the rule for people; '' while something is wrong."""
        return sentence_of(self.rule) if self.rule else ""

    @property
    def conditions(self) -> str:
        """Return when and for whom it holds; '' for always and all."""
        return conditions_of(self.rule) if self.rule else ""


def find_kinds(text: str) -> list[KindOfRule]:
    """Return the kinds of rule whose title, description or parameters hold every word of a text."""
    words = text.casefold().split()
    return [entry for entry in catalog() if all(word in _searched(entry) for word in words)]


def drafts_of(rules: Sequence[Rule], *, in_force: Sequence[Rule], first: int) -> tuple[Draft, ...]:
    """Return drafts of rules with keys from 'r<first>' on, each with the rule in force of its name."""
    origins = {rule.name: rule for rule in in_force}
    return tuple(draft_of(rule, f"r{first + at}", origins.get(rule.name)) for at, rule in enumerate(rules))


def draft_of(rule: Rule, key: str, origin: Rule | None) -> Draft:
    """Return a rule as a form holds it."""
    (data,) = dump_rules((rule,))
    scope = data["scope"]
    plain = {**data, "scope.clients": scope["clients"], "scope.matters": scope["matters"]}
    values = {name: _typed(plain[name], kind) for name, kind in parameter_types(rule.kind).items()}
    return Draft(key, rule.kind, values, origin)


def new_draft(kind: str, key: str, taken: Iterable[str]) -> Draft:
    """Return a new rule of a kind with its usual values, warning, with an id where its kind stands there already.

    Raises:
        InvalidInputError: there is no such kind.
    """
    if kind not in {entry.kind for entry in catalog()}:
        raise InvalidInputError("There is no such kind of rule. Nothing was added; choose one of the list.")
    (rule,) = read_rules([{"kind": kind, "action": "warn"}])
    return renamed(draft_of(rule, key, None), taken)


def copy_of(draft: Draft, key: str, taken: Iterable[str]) -> Draft:
    """Return a copy under a name of its own, new to the list."""
    return renamed(replace(draft, key=key, origin=None), taken)


def renamed(draft: Draft, taken: Iterable[str]) -> Draft:
    """Return the draft with an id that no other rule has."""
    names = set(taken)
    if draft.name not in names:
        return draft
    stem = draft.name[:50]
    free = next(name for at in range(2, MOST_RULES + 3) if (name := f"{stem}-{at}") not in names)
    return with_value(draft, "id", free)


def with_value(draft: Draft, name: str, value: Value) -> Draft:
    """Return the draft with one value replaced.

    Raises:
        InvalidInputError: it has no such field, or the value is not of the field's kind, or too long.
    """
    types = parameter_types(draft.kind)
    if name not in types or not _fits(types[name], value):
        raise InvalidInputError("The page sent something that cannot be read. Nothing was changed; reload the page.")
    return replace(draft, values={**draft.values, name: value})


def parameter_types(kind: str) -> dict[str, ParameterType | None]:
    """Return the fields of a kind with how each is given; None for plain text."""
    return {**{one.name: one.type for one in kind_of_rule(kind).parameters}, **COMMON}


def name_problems(drafts: Sequence[Draft]) -> dict[str, str]:
    """Return, by key, which drafts share their name with one before them."""
    seen: set[str] = set()
    found = {}
    for draft in drafts:
        if draft.name in seen:
            found[draft.key] = f"Another rule is called {draft.name} too; give one of them a name of its own."
        seen.add(draft.name)
    return found


def data_of(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    """Return the list as plain data, as it is saved and exported.

    Raises:
        InvalidInputError: something is wrong with a rule of it.
    """
    return dump_rules(rules_of(drafts))


def rules_of(drafts: Sequence[Draft]) -> tuple[Rule, ...]:
    """Return the rules that the drafts make.

    Raises:
        InvalidInputError: something is wrong with one of them; the sentence names them.
    """
    shared = name_problems(drafts)
    wrong = [f"{at}" for at, one in enumerate(drafts, start=1) if one.read.rule is None or one.key in shared]
    if wrong:
        numbers = f"rule {wrong[0]}" if len(wrong) == 1 else f"rules {', '.join(wrong)}"
        raise InvalidInputError(f"Correct {numbers} first: what is wrong stands beside the field. Your list is kept.")
    return tuple(one.read.rule for one in drafts if one.read.rule is not None)


def changes_of(in_force: Sequence[Rule], drafts: Sequence[Draft]) -> list[Difference]:
    """Return in words what drafts say other than the rules in force; what cannot be read yet counts as unchanged."""
    standing = [one.read.rule or one.origin for one in drafts]
    return differences(in_force, [rule for rule in standing if rule is not None])


def _typed(value: Any, kind: ParameterType | None) -> Value:  # noqa: ANN401 -- JSON
    match kind:
        case ParameterType.SWITCH:
            return bool(value)
        case ParameterType.PHRASES:
            return "\n".join(value)
        case ParameterType.CODES:
            return ", ".join(value)
        case ParameterType.CHOICES:
            return tuple(value)
        case ParameterType.AMOUNTS:
            return tuple((str(key), str(amount)) for key, amount in value.items())
        case _:
            return "" if value is None else str(value)


def _fits(kind: ParameterType | None, value: object) -> bool:
    match kind:
        case ParameterType.SWITCH:
            return isinstance(value, bool)
        case ParameterType.CHOICES:
            return isinstance(value, tuple) and len(value) <= _MOST_PAIRS and all(isinstance(one, str) for one in value)
        case ParameterType.AMOUNTS:
            return isinstance(value, tuple) and len(value) <= _MOST_PAIRS and all(map(_is_pair, value))
        case _:
            return isinstance(value, str) and len(value) <= _LONGEST.get(kind or ParameterType.NUMBER, _LONGEST_TEXT)


def _is_pair(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and all(_fits(None, one) for one in value)  # noqa: PLR2004 -- key and amount


class _Given:
    """A draft's values as plain data for the rule, and what is wrong with them before the rule reads them."""

    def __init__(self, draft: Draft) -> None:
        self.problems: dict[str, str] = {}
        self._draft = draft
        self._optional = {one.name for one in kind_of_rule(draft.kind).parameters if one.is_optional}
        types = parameter_types(draft.kind)
        data = {name: self._value(name, kind, draft.values[name]) for name, kind in types.items()}
        scope = {part: data.pop(f"scope.{part}") for part in ("clients", "matters")}
        self.data: dict[str, Any] = {**data, "kind": draft.kind, "scope": scope}

    def _value(self, name: str, kind: ParameterType | None, value: Value) -> Any:  # noqa: ANN401 -- JSON
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._from_text(name, kind, value.strip())
        if kind is ParameterType.AMOUNTS:
            return self._amounts(name, value)
        return list(value)

    def _from_text(self, name: str, kind: ParameterType | None, text: str) -> Any:  # noqa: ANN401
        match kind:
            case ParameterType.NUMBER | ParameterType.COUNT:
                return self._figure(name, text)
            case ParameterType.PHRASES:
                return [line.strip() for line in text.splitlines() if line.strip()]
            case ParameterType.CODES:
                codes = [code for code in _SEPARATORS.split(text) if code]
                return codes if name.startswith("scope.") else [code.upper() for code in codes]
            case _:
                return (text or None) if name.startswith("effective_") else text

    def _figure(self, name: str, text: str) -> str | None:
        plain = text.removeprefix("$").replace(",", "").strip()
        if not plain and name in self._optional:
            return None
        if not plain or not _PLAIN.fullmatch(plain) or plain == ".":
            self.problems.setdefault(name, "Give a number, as in 1.5.")
        return plain

    def _amounts(self, name: str, pairs: Sequence[Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, amount in pairs:
            code = key.strip() if _has_keys(self._draft.kind, name) else key.strip().upper()
            if not code:
                self.problems[name] = "Give each amount its code, or take the row out."
            elif code in found:
                self.problems[name] = f"{code} stands there twice; take one of them out."
            found[code] = self._figure(name, amount.strip()) or ""
        return found


def _has_keys(kind: str, name: str) -> bool:
    return any(one.name == name and one.keys for one in kind_of_rule(kind).parameters)


def _searched(entry: KindOfRule) -> str:
    labels = " ".join(one.label for one in entry.parameters)
    return f"{entry.title} {entry.description} {labels} {entry.kind.replace('_', ' ')}".casefold()


def _reworded(what: str) -> str:
    for pattern, words in _REWORDED:
        if found := pattern.match(what):
            return found.expand(words)
    return what[:1].upper() + what[1:] + ("" if what.endswith(".") else ".")
