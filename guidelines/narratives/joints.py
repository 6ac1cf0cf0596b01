"""What a joint between two clauses means: new work beside the old, or more of the same."""

from collections.abc import Sequence

from guidelines.narratives.heads import Head
from guidelines.narratives.tokens import STRONG, WEAK, Token
from guidelines.narratives.wordsets import (
    ACTION_NOUNS,
    ALWAYS_ADJECTIVES,
    AUTHORING,
    CLEAR_PASTS,
    CONCLUDING,
    COUNTERPARTS,
    DOCUMENT_KINDS,
    DURING_EVENTS,
    DURING_TALKS,
    EMPTY,
    LETTER_OWNERS,
    NEVER_TOLD,
    NOT_AFTER_PURPOSE,
    NOUNS_AS_VERBS,
    OFTEN_ADJECTIVES,
    OWN_WORK_KINDS,
    RECORDED_EVENTS,
    SAME_PAST,
)

_SUBJECT_WORDS = 4


def joins_two_activities(first: Head, second: Head, particle: str) -> bool:
    """Tell whether two verbs that share an object are still two activities, as in 'research and draft'.

    `particle` is the word behind the first verb: preparing a paper is not preparing for an event.
    """
    first, second = _as_verb(first), _as_verb(second)
    if first.word in AUTHORING and (particle == "for" or second.kind == "attend"):
        return second.kind in {"attend", "travel", "talk"}
    if first.kind == "travel" or (first.kind == "attend" and second.kind != "attend"):
        return second.kind in {"attend", "write", "read", "talk"}
    if first.kind == "research":
        return second.word in AUTHORING or second.word in {"write", "compose", "dictate"}
    return (first.word in AUTHORING or first.word == "revise") and second.kind == "file"


def _as_verb(head: Head) -> Head:
    """Return a noun that names work as its verb, as in 'preparation for and attendance at'."""
    verb = NOUNS_AS_VERBS.get(head.word) if head.form == "noun" else None
    return head if verb is None else Head(verb[1], head.form, verb[0], head.after)


def opens_after_stop(governing: Head | None, head: Head, scope: str, tokens: Sequence[Token]) -> bool:  # noqa: PLR0911 -- one way out a kind of clause
    """Judge a clause with a head behind a semicolon, a sentence end or 'then'."""
    if governing is None:
        return True
    if _tells_of_same_event(governing, head):
        return False
    if head.form == "past" and governing.form != "past":
        return bool(head.word) and not _is_adjective(head, tokens, OFTEN_ADJECTIVES)
    if head.form != "noun":
        return True
    if head.kind == "document":
        return governing.form == "noun" and governing.kind != "event" and scope == ""
    if head.kind == "event" and governing.kind in {"attend", "event"} and tells_outcome(tokens, head.after):
        return False
    if governing.form == "noun":
        return True
    if head.kind == "letter":
        return governing.kind not in DOCUMENT_KINDS or _low(tokens, head.after) != "from"
    return scope != "detail" and not (governing.kind == "read" and head.word in RECORDED_EVENTS)


def opens_inside(governing: Head | None, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    """Judge a clause with a head behind a comma, 'and' or '&', where the task before has its object."""
    if governing is None:
        return True
    if head.form == "noun":
        return _opens_noun(governing, head, scope, tokens)
    if (head.word in CONCLUDING and governing.kind in {"read", "judge", "research"}) or _tells_of_same_event(
        governing, head
    ):
        return False
    if head.form == "ing":
        is_joined = tokens[head.after - 2].low in {"and", "&"} and head.kind in OWN_WORK_KINDS
        return not scope and (governing.form in {"ing", "noun"} or is_joined)
    if head.form == "past":
        return _opens_past(governing, head, scope, tokens)
    return _opens_base(governing, head, scope)


def opens_bare(governing: Head | None, scope: str, work: Token) -> bool:
    """Judge a clause that only names a sort of work, as in ', phone calls'; among papers it may be one more."""
    if scope or (governing is not None and governing.kind not in {"read", "write", "call", "letter", "work"}):
        return False
    is_listed = governing is not None and governing.form != "noun"
    return not (is_listed and "letter" in work.entry.roles)


def tells_outcome(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a clause says what came of an event, as in 'court set trial' or 'case did not settle'."""
    for token in tokens[at : at + _SUBJECT_WORDS]:
        if token.kind in {STRONG, WEAK}:
            return False
        verb = token.entry.verb
        if token.low in {"did", "was", "were", "not", "will", "is"} or (verb is not None and verb.form == "past"):
            return True
    return False


def _tells_of_same_event(governing: Head, head: Head) -> bool:
    """Tell whether a verb says what was done at the event or call before it."""
    if governing.kind in {"attend", "event"}:
        return head.word in DURING_EVENTS
    return governing.kind in {"call", "talk"} and head.word in DURING_TALKS


def _opens_noun(governing: Head, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    if head.kind == "letter":
        return _opens_letter(governing, head, scope, tokens)
    if head.kind == "call":
        is_placed = governing.kind not in {"attend", "clerical"} and _low(tokens, governing.after) != "for"
        return is_placed and (not scope or _low(tokens, head.after) in COUNTERPARTS)
    return scope == "" and (governing.form == "noun" or head.word in ACTION_NOUNS)


def _opens_letter(governing: Head, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    """Judge a letter: reviewed, it is one more paper; sent to somebody about a subject of its own, it is work."""
    if governing.word == head.word or governing.kind not in LETTER_OWNERS:
        return True
    if _low(tokens, head.after) != "to":
        return False
    if governing.kind == "work":
        return governing.word not in ACTION_NOUNS
    return governing.kind == "research" or (_has_topic(head, tokens) and (scope == "topic" or governing.kind == "read"))


def _has_topic(head: Head, tokens: Sequence[Token]) -> bool:
    for token in tokens[head.after :]:
        if token.kind in {STRONG, WEAK}:
            return False
        if "topic" in token.entry.roles or token.low.endswith("ing"):
            return True
    return False


def _opens_past(governing: Head, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    if governing.form == "past" or governing.word in SAME_PAST:
        if scope in {"told", "detail"} and not (head.kind in OWN_WORK_KINDS and head.word not in NEVER_TOLD):
            return False
        return not _is_adjective(head, tokens, ALWAYS_ADJECTIVES)
    is_told = scope in {"told", "detail", "outcome"}
    if governing.form == "base":
        return not is_told and head.word in CLEAR_PASTS and _low(tokens, head.after) not in {"by", "in"}
    return governing.form == "noun" and not is_told and not _is_adjective(head, tokens, OFTEN_ADJECTIVES)


def _opens_base(governing: Head, head: Head, scope: str) -> bool:
    if governing.form == "past":
        return not (head.is_nounish or scope in {"purpose", "told"})
    if scope in {"purpose", "told"}:
        return head.kind in OWN_WORK_KINDS and head.word not in NOT_AFTER_PURPOSE
    return True


def _is_adjective(head: Head, tokens: Sequence[Token], words: frozenset[str]) -> bool:
    """Tell whether a past form stands before a noun, as in 'and proposed order'."""
    return head.word in words and head.after < len(tokens) and not tokens[head.after].entry.roles & EMPTY


def _low(tokens: Sequence[Token], at: int) -> str:
    return tokens[at].low if at < len(tokens) else ""
