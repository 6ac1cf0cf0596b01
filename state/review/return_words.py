"""Why a proforma was returned and what was mended since, as people read it."""

from collections.abc import Iterable

from services.review.returns import Change, ReturnRow, in_words
from state.history import VALUE_NAMES
from state.words import day

_SHOWN = 6
_OTHERS = {
    "receipt_attached": "receipt attached",
    "receipt_removed": "receipt removed",
    "split_proposed": "split proposed",
    "split_attested": "split attested",
    "split_declined": "split declined",
    "split_withdrawn": "split taken back",
}


def returned_words(row: ReturnRow) -> str:
    """Return who returned it when and why: 'Ana Reyes, 12 Nov 2026: Too vague (line 3). Please …'."""
    why = in_words(row.reasons, row.note) or "without a word"
    return f"{row.who}, {day(row.returned_at.date())}: {why}"


def mended_words(row: ReturnRow) -> str:
    """Return what was mended until it was sent again, '' while it is with billing."""
    if row.sent_again_at is None:
        return ""
    told = changes_words(row.changes) or "nothing was changed"
    answer = f" “{row.answer}”" if row.answer else ""
    return f"Sent again by {row.sent_again_by}, {day(row.sent_again_at.date())}: {told}.{answer}"


def changes_words(changes: Iterable[Change]) -> str:
    """Return changes line by line: 'line 2: task L110 → L120; line 3: narrative'."""
    told = [_change(one) for one in changes]
    more = [f"{len(told) - _SHOWN} more lines"] if len(told) > _SHOWN else []
    return "; ".join([*told[:_SHOWN], *more])


def _change(change: Change) -> str:
    where = f"line {change.line_number}" if change.line_number is not None else "whole bill"
    words = [f"{VALUE_NAMES.get(name, name)} {before or 'none'} → {after or 'none'}"
             for name, before, after in change.values]  # fmt: skip
    words += ["narrative"] if change.is_text_changed else []
    words += [_OTHERS.get(one, one.replace("_", " ")) for one in change.others]
    return f"{where}: {', '.join(words)}"
