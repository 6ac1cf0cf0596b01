"""Finds narratives that hold more than one task under one number of hours, and proposes a text for each task."""

from dataclasses import dataclass

from guidelines.narratives.clauses import Task, split_tasks
from guidelines.narratives.tokens import NEXT, STRONG, WEAK, Token

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ONLY_JOINING = frozenset({"and", "&", "+", "plus", "then", "as well as", "followed by"})
_QUOTED_WORDS = 6
_END = " \t\n\r,;.:-–—/&+"  # noqa: RUF001 -- as people type them


@dataclass(frozen=True, slots=True)
class BlockBilling:
    """Several tasks billed as one.

    Attributes:
        parts: a proposed text for each task, in order. Together they hold every word of the narrative but the joints
            between tasks ('and', 'then', '&'); nothing is added, and only their first letters are made capital.
        reason: a sentence that names the tasks.
    """

    parts: tuple[str, ...]
    reason: str


def find_block_billing(text: str) -> BlockBilling | None:
    """Return the tasks of a block-billed narrative, or None where it is one task. Hours are left for its timekeeper."""
    tokens, tasks = split_tasks(text)
    if len(tasks) <= 1:
        return None
    parts = tuple(_capital(part) for part in _cut(text, tokens, tasks))
    return BlockBilling(parts, _reason(parts))


def _cut(text: str, tokens: list[Token], tasks: list[Task]) -> list[str]:
    """Cut the text between its tasks; what stands before the first and behind the last stays with them."""
    starts = [0, *(_start(tokens, task.first) for task in tasks[1:])]
    ends = [*(tokens[task.last].start for task in tasks[:-1]), len(text)]
    return [text[start:end].strip(_END) for start, end in zip(starts, ends, strict=True)]


def _start(tokens: list[Token], at: int) -> int:
    """Return where a part begins: behind the joints that only join, with those that tell an order, as in 'before'."""
    start = tokens[at].start
    while at and tokens[at - 1].kind in {STRONG, NEXT, WEAK} and tokens[at - 1].low not in _ONLY_JOINING:
        at -= 1
        start = tokens[at].start if tokens[at].kind == NEXT else start
    return min(start, tokens[at - 1].end) if at else start


def _capital(part: str) -> str:
    return part[:1].upper() + part[1:]


def _reason(parts: tuple[str, ...]) -> str:
    count = _COUNTS[len(parts)] if len(parts) < len(_COUNTS) else str(len(parts))
    named = [f"“{_beginning(part)}”" for part in parts]
    listed = f"{', '.join(named[:-1])} and {named[-1]}"
    return f"The narrative holds {count} tasks: {listed}."


def _beginning(part: str) -> str:
    words = part.split()
    return " ".join(words[:_QUOTED_WORDS]) + (" …" if len(words) > _QUOTED_WORDS else "")
