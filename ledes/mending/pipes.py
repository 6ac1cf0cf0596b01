"""A pipe inside a text put back as a slash, where only one place of it makes a row that holds true."""

from collections.abc import Iterator, Sequence
from typing import Final

from ledes.findings import FindingCode
from ledes.mending.judge import errors_of
from ledes.mending.values import is_free_text, mend_value
from ledes.pipe.layout import Layout

_TWIN: Final = "/"
_MOST_PIPES: Final = 5
_OF_THE_WHOLE: Final = frozenset({FindingCode.TOTAL_WRONG})


def without_stray_pipes(values: Sequence[str], layout: Layout) -> tuple[list[str], str] | None:
    """Return a row with the right number of values and the field that held the pipe.

    None when no place, or more than one, gives a row whose types, codes and arithmetic are right.
    """
    extra = len(values) - len(layout.fields)
    if not 0 < extra <= _MOST_PIPES:
        return None
    fitting = [(row, name) for row, name in _candidates(values, extra, layout) if _holds_true(row, layout)]
    return fitting[0] if len(fitting) == 1 else None


def _candidates(values: Sequence[str], extra: int, layout: Layout) -> Iterator[tuple[list[str], str]]:
    for at, field in enumerate(layout.fields):
        parts = values[at : at + extra + 1]
        if is_free_text(field) and all(part.strip() for part in parts):
            yield [*values[:at], _TWIN.join(parts), *values[at + extra + 1 :]], field.name


def _holds_true(row: list[str], layout: Layout) -> bool:
    mended = [mend_value(text, field)[0] for text, field in zip(row, layout.fields, strict=True)]
    return errors_of([mended], layout) <= _OF_THE_WHOLE
