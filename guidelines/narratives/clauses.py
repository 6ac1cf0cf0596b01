"""A narrative cut into tasks: each joint either opens new work with an object of its own, or stays inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from guidelines.narratives.heads import Head, find_head
from guidelines.narratives.joints import joins_two_activities, opens_after_stop, opens_bare, opens_inside, tells_outcome
from guidelines.narratives.tokens import COLON, HOURS, NEXT, STRONG, WEAK, Token, tokenize
from guidelines.narratives.wordsets import EMPTY, OF_OWN_WITH_PRONOUN

_KEPT = 1024
_JOINTS = frozenset({STRONG, NEXT, WEAK})
_DASHES = "-–—"  # noqa: RUF001 -- as people type them
_HEADING_WORDS = 3
_LONGEST_HEADING = 6
_HIDDEN = frozenset({"preparation", "prep", "travel", "time"})
_PRODUCING = frozenset({"write", "file"})


@dataclass(slots=True)
class Task:
    """One piece of work within a narrative.

    Attributes:
        first, last: its tokens, from `first` up to the joint at `last`.
        head: what its work hangs on, or None.
        has_object: whether something has been named that the work was done on.
        scope: what later words belong to: a topic, a purpose, a detail, an outcome, or nothing yet.
        is_list: whether a stop inside it has been followed by something else than work.
    """

    first: int
    last: int
    head: Head | None
    has_object: bool = False
    scope: str = ""
    is_list: bool = False

    def adopt(self, head: Head) -> None:
        """Let what was read so far be an introduction of the work that begins here."""
        self.head, self.has_object, self.scope = head, False, ""


@lru_cache(maxsize=_KEPT)
def split_tasks(text: str) -> tuple[list[Token], list[Task]]:
    """Return the words of a narrative and its tasks, one at least where there is a word.

    Both detectors read a bill's narratives, one after the other: the lists are theirs together and stay as they are.
    """
    tokens = tokenize(text)
    tasks: list[Task] = []
    at = 0
    while (start := _word_after(tokens, at)) < len(tokens):
        if not tasks or (opened := _opened(tasks[-1], tokens, at, start)) is None:
            if not tasks:
                tasks.append(Task(start, start, find_head(tokens, start, is_opening=True)))
        else:
            tasks.append(opened)
        at = _take(tasks[-1], tokens, start)
    return tokens, tasks


def _word_after(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and tokens[at].kind in _JOINTS:
        at += 1
    return at


def _take(task: Task, tokens: Sequence[Token], at: int) -> int:
    """Let a task have its words up to the next joint; return the joint's index."""
    is_front = True
    while at < len(tokens) and tokens[at].kind not in _JOINTS:
        if tokens[at].kind == COLON:
            _introduce(task, tokens, at + 1)
        elif task.head is None or at >= task.head.after:
            _learn(task, tokens, at, is_front=is_front)
        is_front = False
        at += 1
    task.last = at
    return at


def _introduce(task: Task, tokens: Sequence[Token], at: int) -> None:
    """Take a heading such as 'Paralegal:' for an introduction of the work behind it."""
    if task.head is not None and task.head.form != "noun":
        return
    head = find_head(tokens, at, is_opening=False)
    if head is not None and head.form != "noun":
        task.adopt(head)


def _learn(task: Task, tokens: Sequence[Token], at: int, *, is_front: bool) -> None:
    """Note what a word tells of its task: an object, or a scope that later words belong to."""
    token = tokens[at]
    verb, roles = token.entry.verb, token.entry.roles
    if token.kind == HOURS:
        return
    if scope := _scope(tokens, at):
        task.scope = task.scope or scope
    elif verb is not None and verb.form != "base" and not is_front and task.has_object:
        task.scope = task.scope or "detail"
    elif not roles & EMPTY and (verb is None or (verb.is_noun and not is_front) or task.has_object):
        task.has_object = True


def _scope(tokens: Sequence[Token], at: int) -> str:
    roles = tokens[at].entry.roles
    if roles:
        for scope in ("topic", "told", "detail"):
            if scope in roles:
                return scope
    if tokens[at].low == "to" and at + 1 < len(tokens):
        verb = tokens[at + 1].entry.verb
        if verb is not None and verb.form == "base" and not verb.is_noun:
            return "purpose"
    return ""


def _opened(task: Task, tokens: Sequence[Token], joint: int, at: int) -> Task | None:  # noqa: C901, PLR0911 -- one way out a reason
    """Return the new task that begins at token `at` behind the joint, or None where the old one goes on."""
    is_stop = any(token.kind != WEAK for token in tokens[joint:at])
    if tokens[joint - 1].kind == HOURS and _ends_with_hours(tokens, at):
        return Task(at, at, find_head(tokens, at, is_opening=True))
    if _follows_as_passive(task, tokens, at, is_stop=is_stop) or _is_elided(task, tokens, at):
        return Task(at, at, task.head)
    if not is_stop and _is_fixed_phrase(task, tokens, joint):
        return None
    if _is_bare_work(tokens, at) and _stands(task) and opens_bare(task.head, task.scope, tokens[_last(tokens, at) - 1]):
        return Task(at, at, find_head(tokens, at, is_opening=True))
    head = find_head(tokens, at, is_opening=is_stop) or (_behind_introduction(tokens, at) if is_stop else None)
    if head is None or (task.is_list and head.is_nounish):
        if is_stop:
            task.is_list = task.is_list or any(token.low == ";" for token in tokens[joint:at])
            task.scope = "outcome" if tells_outcome(tokens, at + 1) else task.scope
        return None
    if task.scope == "outcome" and not is_stop:
        return None
    if _is_introduction(task, tokens, joint, is_stop=is_stop):
        task.adopt(head)
        return None
    if _has_own_object(tokens, head, is_stop=is_stop) and _is_new(task, head, tokens, is_stop=is_stop):
        return Task(at, at, head)
    if (
        not is_stop
        and not task.has_object
        and task.head is not None
        and task.head.kind == "read"
        and head.kind == "write"
    ):
        task.head = head
    return None


def _is_new(task: Task, head: Head, tokens: Sequence[Token], *, is_stop: bool) -> bool:
    if is_stop:
        return opens_after_stop(task.head, head, task.scope, tokens)
    if task.head is None or task.has_object:
        return opens_inside(task.head, head, task.scope, tokens)
    return joins_two_activities(task.head, head, tokens[task.head.after].low)


def _is_fixed_phrase(task: Task, tokens: Sequence[Token], joint: int) -> bool:
    """Tell whether 'and' stands between two words of one name, as in 'track and trace system'."""
    if task.head is None or not task.has_object or tokens[joint].low not in {"and", "&"}:
        return False
    verb = tokens[joint - 1].entry.verb
    return (
        verb is not None
        and verb.form == "base"
        and verb.kind != "aim"
        and not verb.is_noun
        and tokens[joint - 2].low != "to"
    )


def _follows_as_passive(task: Task, tokens: Sequence[Token], at: int, *, is_stop: bool) -> bool:
    if task.head is not None and task.head.form != "noun":
        return is_stop and _is_passive(tokens, at, _PRODUCING)
    return _is_passive(tokens, at) and _is_passive(tokens, task.first)


def _is_elided(task: Task, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a clause is one more letter or call, as in ', to Dunn re dates', or travel hidden in an event."""
    if task.head is None:
        return False
    words = [token.low for token in tokens[at : _last(tokens, at)]]
    if task.head.kind in {"call", "letter"} and task.scope == "topic":
        return words[0] in {"to", "with", "from"} and not {"re", "regarding", "concerning", "about"}.isdisjoint(words)
    return task.head.kind in {"attend", "event"} and words[0] in {"including", "incl"} and words[-1] in _HIDDEN


def _is_passive(tokens: Sequence[Token], at: int, kinds: frozenset[str] | None = None) -> bool:
    """Tell whether a clause says what became of a thing, as in 'notice served'; where given, by these kinds of work."""
    first = at
    while at < len(tokens) and tokens[at].kind not in _JOINTS:
        verb = tokens[at].entry.verb
        if at > first and verb is not None and verb.form == "past" and (kinds is None or verb.kind in kinds):
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            return following is None or following.kind in _JOINTS or "small" in following.entry.roles
        at += 1
    return False


def _stands(task: Task) -> bool:
    return task.has_object or task.head is None or task.head.form == "noun"


def _last(tokens: Sequence[Token], at: int) -> int:
    """Return the index of the joint behind a clause."""
    while at < len(tokens) and tokens[at].kind not in _JOINTS:
        at += 1
    return at


def _is_bare_work(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a clause only names a sort of work, as in ', legal research' or ', phone calls'."""
    last = tokens[_last(tokens, at) - 1]
    while tokens[at] is not last:
        if "modifier" not in tokens[at].entry.roles:
            return False
        at += 1
    verb = last.entry.verb
    return bool(last.entry.roles & {"call", "letter", "work"}) or (verb is not None and verb.form == "ing")


def _ends_with_hours(tokens: Sequence[Token], at: int) -> bool:
    while at < len(tokens) and tokens[at].kind not in {STRONG, HOURS}:
        at += 1
    return at < len(tokens) and tokens[at].kind == HOURS


def _behind_introduction(tokens: Sequence[Token], at: int) -> Head | None:
    """Return the head behind a phrase of time or place, as in '; in the afternoon, met …' or '. Afternoon: met …'."""
    for colon in range(at + 1, min(at + _LONGEST_HEADING, _last(tokens, at))):
        if tokens[colon].kind == COLON:
            return find_head(tokens, colon + 1, is_opening=True)
    if "small" not in tokens[at].entry.roles:
        return None
    while at < len(tokens) and tokens[at].kind not in _JOINTS:
        at += 1
    if at + 1 >= len(tokens) or tokens[at].low != ",":
        return None
    head = find_head(tokens, at + 1, is_opening=False)
    return head if head is not None and head.form != "noun" else None


def _is_introduction(task: Task, tokens: Sequence[Token], joint: int, *, is_stop: bool) -> bool:
    if task.head is not None:
        is_heading = task.head.kind == "event" and joint - task.first <= _HEADING_WORDS
        return is_heading and is_stop and tokens[joint].low.strip() in _DASHES
    if is_stop:
        return tokens[joint].low.strip() in _DASHES
    return bool(tokens[task.first].entry.roles & EMPTY) or joint - task.first == 1


def _has_own_object(tokens: Sequence[Token], head: Head, *, is_stop: bool) -> bool:
    if head.kind == "event" or (is_stop and head.form in {"base", "ing"}):
        return True
    for token in tokens[head.after :]:
        if token.kind == STRONG:
            return False
        if token.low in {"same", "it", "them"}:
            return is_stop or head.kind in {"file", "attend", "research"} or head.word in OF_OWN_WITH_PRONOUN
        if token.kind not in {WEAK, NEXT, COLON, HOURS} and not token.entry.roles & EMPTY:
            return True
    return False
