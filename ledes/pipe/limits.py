"""A format's fields under one carrier's limits."""

from dataclasses import dataclass, replace
from typing import Final

from ledes.file_format import FileFormat
from ledes.pipe.layout import Field, Layout

_ON_FEES_ONLY: Final = frozenset({"TIMEKEEPER_NAME", "TIMEKEEPER_CLASSIFICATION"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a value is held to: its field by LEDES name, and the carrier's tolerances."""

    layout: Layout
    file_format: FileFormat
    field: dict[str, Field]

    @property
    def head_columns(self) -> tuple[int, ...]:
        """Return the columns (from 0) that every row of an invoice repeats."""
        return tuple(field.position - 1 for field in self.layout.fields if not field.is_of_line)


def limits_of(layout: Layout, file_format: FileFormat) -> Limits:
    """Return the limits of a carrier; they only ever narrow the standard's."""
    return Limits(layout, file_format, {field.name: _narrowed(field, file_format) for field in layout.fields})


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
