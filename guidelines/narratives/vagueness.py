"""Finds narratives that do not say what was done, on what, about what or with whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guidelines.narratives.clauses import Task, split_tasks
from guidelines.narratives.lexicon import is_generic, terms
from guidelines.narratives.tokens import ASIDE, WORD, Token

Missing = Literal["object", "subject", "purpose", "person"]
_TALK = frozenset({"call", "letter", "talk"})
_LONGEST_INITIALS = 3
_NAMING = frozenset({"interview", "prepare", "prep", "depose", "retain", "subpoena"})
_REASONS: dict[Missing, str] = {
    "object": "It does not say which paper, record or event the work was on.",
    "subject": "It does not say what it was about.",
    "purpose": "It does not say what was done, and to what end.",
    "person": "It says neither with whom nor about what.",
}
_BARE = re.compile(
    r"""
      (?:general\ |initial\ )?file\ review | review(?:\ of|ed|ing)?\ (?:the\ )?(?:case\ )?files?(?:\ materials)?
    | (?:continued?\ )?work(?:ed|ing)?\ on\ (?:the\ )?(?:file|case|matter) | case\ management | legal\ research
    | (?:various|multiple|numerous|several|misc\.?|miscellaneous)?\s*(?:e-?mails|(?:tele)?(?:phone\ )?calls|correspondence|messages)
      (?:\ (?:with|to|from|and)\ .*)?
    | (?:further\ |continued\ |ongoing\ )?attention\ to\ .* | follow(?:ed|ing)?[ -]up.* | etc\.?
    """,  # noqa: E501 -- alternatives stay whole
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Vagueness:
    """What a narrative leaves out.

    Attributes:
        phrase: the words that say too little.
        missing: object (on what), subject (about what), purpose (what for) or person (with whom).
        reason: a sentence that says what is missing.
    """

    phrase: str
    missing: Missing
    reason: str


def find_vagueness(text: str) -> Vagueness | None:
    """Return what is missing from a narrative, or None where a reader can tell what was done, on what and why."""
    tokens, tasks = split_tasks(text)
    bare = [task for task in tasks if not _is_specific(text, tokens, task)]
    if not bare:
        return None
    if len(bare) < len(tasks):
        bare = [task for task in bare if _BARE.fullmatch(_phrase(text, tokens, task))]
    return _vagueness(_phrase(text, tokens, bare[0]), tokens, bare[0]) if bare else None


def _phrase(text: str, tokens: Sequence[Token], task: Task) -> str:
    return text[tokens[task.first].start : tokens[task.last - 1].end]


def _is_specific(text: str, tokens: Sequence[Token], task: Task) -> bool:
    """Tell whether any word of a task names something of this matter, and not only of any matter."""
    is_talk = _is_talk(tokens, task)
    for at in range(task.first, task.last):
        token = tokens[at]
        if not _says_something(token, is_head=task.head is not None and at < task.head.after):
            continue
        if not (is_talk and _is_name(text, token)) and not _is_person(text, tokens, at):
            return True
    return _holds_a_term(tokens[task.first : task.last])


def _holds_a_term(tokens: Sequence[Token]) -> bool:
    """Tell whether words of any matter stand together as a term, as in 'additional insured' and 'trial brief'."""
    text = f" {' '.join(token.low for token in tokens).replace('-', ' ')} "
    return any(f" {term} " in text for term in terms())


def _says_something(token: Token, *, is_head: bool) -> bool:
    if token.kind != WORD or is_generic(token.low):
        return token.kind == ASIDE
    verb = token.entry.verb
    return verb is None or verb.kind == "aim" or (verb.is_noun and not is_head)


def _is_talk(tokens: Sequence[Token], task: Task) -> bool:
    """Tell whether the work was an exchange with people, of which names alone say nothing."""
    head = task.head
    if head is None:
        return False
    if head.kind in _TALK and head.word not in _NAMING:
        return True
    return any(tokens[at].entry.roles & {"letter", "call"} for at in range(head.after, min(head.after + 3, task.last)))


def _is_name(text: str, token: Token) -> bool:
    return token.kind == WORD and text[token.start].isupper()


def _is_person(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word is somebody's initials, as in 'w/ JKA'."""
    token = tokens[at]
    is_initials = token.end - token.start <= _LONGEST_INITIALS and text[token.start : token.end].isupper()
    return is_initials and at > 0 and tokens[at - 1].low in {"with", "w/", "of", "per", "from", "by", "to"}


def _vagueness(phrase: str, tokens: Sequence[Token], task: Task) -> Vagueness:
    missing: Missing = "purpose"
    if task.head is not None and _is_talk(tokens, task):
        has_person = any(tokens[at].low in {"with", "w/", "to", "from"} for at in range(task.first, task.last))
        missing = "subject" if has_person else "person"
    elif task.head is not None and task.head.kind in {"read", "write", "event", "attend", "send", "file"}:
        missing = "object"
    elif task.head is not None and task.head.kind in {"research", "work"}:
        missing = "subject"
    return Vagueness(phrase, missing, f"“{phrase}” is vague. {_REASONS[missing]}")
