"""A carrier's rules as the page shows them: cards of text, the fields of one rule, versions and permissions."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.rules.guideline_drafts import Draft, find_kinds
from services.rules.guideline_exceptions import PermissionRow
from services.rules.guideline_forms import FormField, fields_of
from services.rules.guideline_trials import TriedRule
from services.rules.guideline_versions import GuidelineVersion
from state.words import counted, day, moment, units

NOTHING_MET = "Would have met nothing"
_KINDS = {"added": "New", "changed": "Changed", "removed": "Taken out", "moved": "Moved"}


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    words: str
    is_on: bool = False


@dataclass(frozen=True)
class Pair:
    """One row of a table of amounts; `place` counts from 0."""

    place: str
    key: str
    amount: str


@dataclass(frozen=True)
class FieldView:
    """One field of a rule's form. `form_key` begins it afresh when what it shows was not typed into it."""

    name: str = ""
    form_key: str = ""
    label: str = ""
    control: str = ""
    unit: str = ""
    hint: str = ""
    problem: str = ""
    text: str = ""
    is_on: bool = False
    options: list[Option] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)


@dataclass(frozen=True)
class RuleCard:
    """One rule in the list. `did` says what it would have done, `state` why it is not said: 'wrong' or 'trying'.

    `is_idle` where it would have met nothing.
    """

    key: str
    number: str
    title: str
    name: str
    action: str
    sentence: str
    conditions: str
    problem: str
    change: str
    did: str = ""
    allowed: str = ""
    comparison: str = ""
    state: str = ""
    is_idle: bool = False


@dataclass(frozen=True)
class RulePanel:
    """One rule opened beside the list."""

    key: str = ""
    number: str = ""
    title: str = ""
    description: str = ""
    problem: str = ""
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class ExampleView:
    """One line that a rule would have met, with the address of its bill."""

    reference: str
    href: str
    line: str
    sentence: str


@dataclass(frozen=True)
class ChangeView:
    """One difference in words."""

    kind: str
    title: str
    sentences: list[str]


@dataclass(frozen=True)
class KindView:
    """One kind of rule to add."""

    kind: str
    title: str
    description: str


@dataclass(frozen=True)
class VersionView:
    """One version of the list."""

    number: str
    author: str
    at: str
    note: str
    rules: str
    is_active: bool


@dataclass(frozen=True)
class PermissionView:
    """One permission; `ended` is '' while it is in force."""

    id: str
    rule: str
    whom: str
    days: str
    limit: str
    handler: str
    reference: str
    by: str
    ended: str


def rule_card(draft: Draft, at: int, *, shared: str, tried: TriedRule | None, is_tried: bool) -> RuleCard:
    """Return a rule's card; `shared` says that its name is another's, `is_tried` that trials are shown at all."""
    read = draft.read
    problem = shared or next(iter(read.problems.values()), "")
    state = "wrong" if problem else "trying" if is_tried and tried is None else ""
    shown = tried if not state else None
    return RuleCard(
        key=draft.key,
        number=str(at),
        title=draft.title,
        name=draft.name,
        action=str(draft.values["action"]),
        sentence=read.sentence,
        conditions=read.conditions,
        problem=problem,
        change="" if draft.origin is not None and draft.origin == read.rule else "Changed" if draft.origin else "New",
        did=did_words(shown) if shown else "",
        allowed=f"{shown.result.allowed:,} more allowed" if shown and shown.result.allowed else "",
        comparison=shown.comparison if shown else "",
        state=state,
        is_idle=shown is not None and did_words(shown) == NOTHING_MET,
    )


def did_words(tried: TriedRule) -> str:
    """Return 'Would have cut 14 lines, $3,210.00', or that it would have met nothing."""
    if not tried.result.lines and not tried.result.bills:
        return NOTHING_MET
    said = tried.result.sentence.removeprefix("This rule ").removesuffix(".")
    return said[0].upper() + said[1:]


def field_views(draft: Draft, form_round: int) -> list[FieldView]:
    """Return a rule's form; another round makes every field begin afresh."""
    return [_field_view(one, f"{draft.key}-{form_round}-{one.name}") for one in fields_of(draft)]


def _field_view(one: FormField, form_key: str) -> FieldView:
    value = one.value
    chosen = value if isinstance(value, tuple) else (value,)
    is_table = one.control == "amounts"
    return FieldView(
        name=one.name,
        form_key=form_key,
        label=one.label,
        control=one.control,
        unit=one.unit,
        hint=one.hint,
        problem=one.problem,
        text=value if isinstance(value, str) else "",
        is_on=value is True,
        options=[Option(choice, words, choice in chosen) for choice, words in one.choices],
        pairs=[Pair(str(at), *pair) for at, pair in enumerate(chosen) if isinstance(pair, tuple)] if is_table else [],
    )


def kind_views(text: str) -> list[KindView]:
    """Return the kinds that a text finds."""
    return [KindView(entry.kind, entry.title, entry.description) for entry in find_kinds(text)]


def version_view(version: GuidelineVersion) -> VersionView:
    """Return a version as text."""
    return VersionView(
        number=str(version.number),
        author=version.author or "Came with the product",
        at=moment(version.created_at),
        note=version.note,
        rules=counted(len(version.rules), "rule"),
        is_active=version.is_active,
    )


def permission_view(row: PermissionRow) -> PermissionView:
    """Return a permission as text."""
    start, end = row.work_from, row.work_to
    days = " ".join([f"from {day(start)}" if start else "", f"until {day(end)}" if end else ""]).strip()
    matter = f"matter {row.matter_number}" if row.matter_number else "all matters"
    return PermissionView(
        id=str(row.id),
        rule=row.rule,
        whom=f"{row.timekeeper_name or 'everybody'}, {matter}",
        days=days,
        limit=f"up to {units(row.limit)}" if row.limit is not None else "",
        handler=f"{row.handler}, {day(row.granted_on)}",
        reference=row.reference,
        by=row.created_by,
        ended=f"Ended {day(row.revoked_at.date())}" if row.revoked_at else "",
    )


def tally(changes: Sequence[ChangeView]) -> str:
    """Return how many rules differ: '2 changed, 1 new'; '' for none."""
    counts = {word: sum(one.kind == word for one in changes) for word in ("Changed", "New", "Taken out")}
    parts = [f"{count} {word.lower()}" for word, count in counts.items() if count]
    moved = any(one.kind == "Moved" for one in changes)
    return ", ".join([*parts, *(["another order"] if moved else [])])


def change_view(kind: str, title: str, sentences: Sequence[str]) -> ChangeView:
    """Return a difference as the page shows it."""
    return ChangeView(_KINDS[kind], title, list(sentences))
