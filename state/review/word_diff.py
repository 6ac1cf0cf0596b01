"""What an edit changed in a text, word by word, for a compare that reads like one."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_MOST_WORDS = 600


@dataclass(frozen=True)
class DiffPart:
    """A stretch of text: `kind` is 'same', 'gone' or 'new'."""

    kind: str
    text: str


def word_diff(before: str, after: str) -> list[DiffPart]:
    """Return the stretches from `before` to `after`; a very long text is shown as replaced whole."""
    old, new = before.split(), after.split()
    if len(old) + len(new) > _MOST_WORDS:
        return [DiffPart("gone", before), DiffPart("new", after)]
    return list(_parts(old, new))


def _parts(old: list[str], new: list[str]) -> Iterator[DiffPart]:
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield DiffPart("same", f"{' '.join(old[start:end])} ")
            continue
        if start < end:
            yield DiffPart("gone", " ".join(old[start:end]))
        if new_start < new_end:
            yield DiffPart("new", f"{' '.join(new[new_start:new_end])} ")
