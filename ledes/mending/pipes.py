"""A pipe inside a text put back as a slash, where only one place of it makes a row that holds true."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ledes.findings import FindingCode
from ledes.mending.days import plain_day
from ledes.mending.judge import errors_of, findings_of
from ledes.mending.numbers import plain_number
from ledes.mending.values import mend_value
from ledes.pipe.layout import Field, Layout
from ledes.texts import is_free_text

_TWIN: Final = "/"
_MOST_PIPES: Final = 5
_NUMBER: Final = 1
_TOTAL: Final = "INVOICE_TOTAL"
_OF_THE_WHOLE: Final = frozenset({FindingCode.TOTAL_WRONG, FindingCode.TAX_TOTAL_WRONG, FindingCode.NET_TOTAL_WRONG})


def without_stray_pipes(
    values: Sequence[str], peers: Mapping[str, Sequence[str]], layout: Layout
) -> tuple[list[str], str] | None:
    """Return a row with the right number of values and the text that held the pipe.

    None when no explanation, or more than one, gives a row whose types, codes and arithmetic are right; an empty value
    too many and a pipe in an id are explanations too.

    Args:
        values: what stands between the pipes of the row, more than there are fields.
        peers: a whole row of each invoice by its number; what an invoice repeats must be the same in this row.
        layout: of the file.
    """
    extra = len(values) - len(layout.fields)
    if not 0 < extra <= _MOST_PIPES:
        return None
    joined = [(row, field) for row, field in _joined(values, extra, layout) if _is_possible(row, peers, layout)]
    in_texts = _likeliest([(row, field.name) for row, field in joined if is_free_text(field.name)], layout)
    others = [row for row, field in joined if not is_free_text(field.name)]
    others += [row for row in _shortened(values, extra) if _is_possible(row, peers, layout)]
    if len(in_texts) != 1 or any(_is_faultless(row, layout) for row in others):
        return None
    return in_texts[0]


def _joined(values: Sequence[str], extra: int, layout: Layout) -> Iterator[tuple[list[str], Field]]:
    """Yield the row with each of its values made of several in turn."""
    for at, field in enumerate(layout.fields):
        parts = values[at : at + extra + 1]
        if all(part.strip() for part in parts):
            yield [*values[:at], _TWIN.join(parts), *values[at + extra + 1 :]], field


def _shortened(values: Sequence[str], extra: int) -> Iterator[list[str]]:
    """Yield the row without each run of empty values in turn."""
    for at in range(len(values) - extra + 1):
        if not any(values[at : at + extra]):
            yield [*values[:at], *values[at + extra :]]


def _is_possible(row: Sequence[str], peers: Mapping[str, Sequence[str]], layout: Layout) -> bool:
    """Look at the shape of a row and at what its invoice repeats, before the reader is asked, which takes longer."""
    in_shape = all(_has_shape(text.strip(), field) for text, field in zip(row, layout.fields, strict=True))
    return in_shape and _agrees(row, peers, layout)


def _has_shape(text: str, field: Field) -> bool:
    if field.type == "date":
        return text.isdigit() or plain_day(text) is not None
    return not field.is_figure or text == "" or plain_number(text) is not None


def _agrees(row: Sequence[str], peers: Mapping[str, Sequence[str]], layout: Layout) -> bool:
    """Tell whether a row repeats what its invoice repeats, as far as another row of it tells."""
    peer = peers.get(row[_NUMBER])
    return peer is None or all(
        mine.strip() == theirs.strip()
        for mine, theirs, field in zip(row, peer, layout.fields, strict=True)
        if not field.is_of_line and field.name != _TOTAL
    )


def _likeliest(rows: Sequence[tuple[list[str], str]], layout: Layout) -> list[tuple[list[str], str]]:
    """Return the rows that need no excuse once each value is mended; where none is so good, those without an error."""
    mended = [[mend_value(text, field)[0] for text, field in zip(row, layout.fields, strict=True)] for row, _ in rows]
    faultless = [one for one, values in zip(rows, mended, strict=True) if _is_faultless(values, layout)]
    return faultless or [
        one for one, values in zip(rows, mended, strict=True) if errors_of([values], layout) <= _OF_THE_WHOLE
    ]


def _is_faultless(row: Sequence[str], layout: Layout) -> bool:
    """Tell whether nothing is found in a row, not even spaces around a value or a code nobody knows."""
    return findings_of([row], layout) <= _OF_THE_WHOLE
