"""Every kind of rule and its parameters for people: read off the models, so that the two cannot drift apart."""

import inspect
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from guidelines.kinds.base import BaseRule, Given, Measure, ParameterType
from guidelines.rules import Rule


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a rule.

    Attributes:
        name: as in the rule's data.
        default: as JSON has it; None where nothing is given.
        choices: what may be chosen, empty where that is free.
        keys: what an amount may stand beside, empty where any code may.
        is_optional: whether it may be left out.
    """

    name: str
    label: str
    type: ParameterType
    unit: Measure | None
    default: Any
    choices: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class KindOfRule:
    """One kind of rule.

    Attributes:
        measure: what the limit of a permission is in; None where a permission has none.
    """

    kind: str
    title: str
    description: str
    measure: Measure | None
    parameters: tuple[Parameter, ...]


@cache
def catalog() -> tuple[KindOfRule, ...]:
    """Return all kinds in the order in which an editor lists them."""
    return tuple(_entry(model) for model in get_args(get_args(Rule)[0]))


def kind_of_rule(kind: str) -> KindOfRule:
    """Return one kind.

    Raises:
        KeyError: there is no such kind.
    """
    return {entry.kind: entry for entry in catalog()}[kind]


def _entry(model: type[BaseRule]) -> KindOfRule:
    data = model.model_validate({"action": "warn"}).model_dump(mode="json")
    own = {name: field for name, field in model.model_fields.items() if name not in BaseRule.model_fields}
    parameters = tuple(_parameter(name, field, data[name]) for name, field in own.items())
    return KindOfRule(data["kind"], model.title, inspect.cleandoc(model.__doc__ or ""), model.measure, parameters)


def _parameter(name: str, field: FieldInfo, default: object) -> Parameter:
    given, is_optional = _given(field)
    return Parameter(
        name=name,
        label=field.title or name,
        type=given.type,
        unit=given.unit,
        default=default,
        choices=_members(field.annotation),
        keys=_members(get_args(field.annotation)[0]) if given.type is ParameterType.AMOUNTS else (),
        is_optional=is_optional,
    )


def _given(field: FieldInfo) -> tuple[Given, bool]:
    """Return how a field is given, and whether it may be None: the mark of `Dollars | None` stands a level down."""
    if get_origin(field.annotation) is Literal:
        return Given(ParameterType.CHOICE), False
    marks = [mark for mark in field.metadata if isinstance(mark, Given)]
    if marks:
        return marks[0], False
    inner = next(one for one in get_args(field.annotation) if get_origin(one) is Annotated)
    return next(mark for mark in inner.__metadata__ if isinstance(mark, Given)), True


def _members(annotation: object) -> tuple[str, ...]:
    """Return what a choice may be: the words of a Literal, or the members of an enum or of a set of one."""
    if get_origin(annotation) is Literal:
        return tuple(get_args(annotation))
    inner = get_args(annotation)[0] if get_origin(annotation) is frozenset else annotation
    return tuple(member.value for member in inner) if isinstance(inner, type) and issubclass(inner, StrEnum) else ()
