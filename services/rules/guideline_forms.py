"""The fields in which one rule is edited, read off the catalogue of kinds."""

from collections.abc import Iterator
from dataclasses import dataclass

from guidelines.catalog import Parameter, kind_of_rule
from guidelines.kinds.base import Measure, ParameterType
from services.rules.guideline_drafts import Draft, Value

_UNITS = {
    Measure.HOURS: "hours",
    Measure.DOLLARS: "dollars",
    Measure.DAYS: "days",
    Measure.PEOPLE: "people",
    Measure.PERCENT: "percent",
    Measure.CHARACTERS: "characters",
}
_ACTIONS = (("block", "Stop the bill"), ("reduce", "Cut the line"), ("warn", "Tell the biller"))
_WORDS = {"period": "the bill's period", "matter": "the whole matter", "line": "one line", "bill": "one bill"}
_HINTS = {
    ParameterType.PHRASES: "One a line. Found whole, in any case, with their endings.",
    ParameterType.CODES: "With spaces or commas between them.",
}


@dataclass(frozen=True)
class FormField:
    """One field of a rule's form.

    Attributes:
        control: 'number', 'text', 'date', 'switch', 'choice', 'choices', 'phrases', 'codes' or 'amounts'.
        unit: what a figure is in, '' where that is plain.
        choices: (value, words) of what may be chosen, or of what an amount may stand beside.
    """

    name: str
    label: str
    control: str
    value: Value
    unit: str = ""
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def fields_of(draft: Draft) -> tuple[FormField, ...]:
    """Return the fields of a draft: what its kind asks first, then when and for whom it holds."""
    kind, problems = kind_of_rule(draft.kind), draft.read.problems
    found = [FormField("action", "A line that breaks it", "choice", draft.values["action"], choices=_ACTIONS)]
    found += [_parameter(one, draft.values[one.name]) for one in kind.parameters]
    found += _common(draft)
    return tuple(_with_problem(one, problems.get(one.name, "")) for one in found)


def _with_problem(one: FormField, problem: str) -> FormField:
    return FormField(one.name, one.label, one.control, one.value, one.unit, one.hint, one.choices, problem)


def _parameter(one: Parameter, value: Value) -> FormField:
    match one.type:
        case ParameterType.NUMBER | ParameterType.COUNT:
            control = "number"
        case ParameterType.AMOUNTS:
            control = "amounts"
        case _:
            control = one.type.value
    hint = _HINTS.get(one.type, "Leave it empty for none." if one.is_optional else "")
    unit = _UNITS[one.unit] if one.unit else ""
    choices = tuple((choice, _WORDS.get(choice, choice.capitalize())) for choice in (one.choices or one.keys))
    return FormField(one.name, one.label, control, value, unit, hint, choices)


def _common(draft: Draft) -> Iterator[FormField]:
    texts = (
        ("effective_from", "For work from", "date", ""),
        ("effective_to", "For work until", "date", ""),
        ("scope.matters", "Only for these matters", "codes", "The firm's numbers. Leave it empty for all."),
        ("scope.clients", "Only for these clients", "codes", "The carrier's own codes. Leave it empty for all."),
        ("citation", "Where the carrier's guideline says it", "text", "Quoted beside each finding, as in section 4.2."),
        ("id", "Name in the list", "text", "Needed where two rules are of one kind. Permissions name it."),
    )
    for name, label, control, hint in texts:
        yield FormField(name, label, control, draft.values[name], hint=hint)
