"""A format's fields under one carrier's limits."""

from dataclasses import dataclass, replace
from typing import Final

from ledes.file_format import FileFormat
from ledes.pipe.layout import Field, Layout

_ON_FEES_ONLY: Final = frozenset({"TIMEKEEPER_NAME", "TIMEKEEPER_CLASSIFICATION"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value is held to: its field by LEDES name, those that all rows repeat, and tolerances."""

    layout: Layout
    file_format: FileFormat
    field: dict[str, Field]
    head_fields: tuple[Field, ...]


def limits_of(layout: Layout, file_format: FileFormat) -> Limits:
    """Return the limits of a carrier; they only ever narrow the standard's."""
    field = {field.name: _narrowed(field, file_format) for field in layout.fields}
    return Limits(layout, file_format, field, tuple(field[one.name] for one in layout.head_fields))


def _narrowed(field: Field, file_format: FileFormat) -> Field:
    return replace(
        field,
        length=field.length
        if field.is_figure
        else min(field.length, file_format.max_length.get(field.name, field.length)),
        decimals=min(field.decimals, file_format.max_decimals.get(field.name, field.decimals)),
        required=_required(field) if field.name in file_format.required else field.required,
    )


def _required(field: Field) -> str:
    """Return how a field is required that a carrier wants; nobody has a timekeeper to name on an expense."""
    if field.required not in {"no", "practice"}:
        return field.required
    return "on fees" if field.name in _ON_FEES_ONLY else "yes"
