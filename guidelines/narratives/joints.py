"""What a joint between two clauses means: new work beside the old, or more of the same."""

from collections.abc import Sequence

from guidelines.narratives.heads import Head
from guidelines.narratives.tokens import Token

EMPTY = frozenset({"small", "skip", "pronoun", "topic", "purpose", "detail"})
_DOCUMENTS = frozenset({"read", "write", "send", "file"})
_LETTER_OWNERS = _DOCUMENTS | {"letter", "talk", "work", "research"}
_DOING = frozenset({"write", "talk", "attend", "travel", "send", "file", "read", "research"})
_NOT_IN_PURPOSE = frozenset({"amend", "supplement", "list", "note", "mark", "record", "document", "produce"}) | {
    "request",
    "ask",
    "advise",
    "obtain",
    "inform",
    "confirm",
    "present",
    "respond",
}
_ACTIONS = frozenset({"review", "preparation", "receipt", "attendance", "attention", "drafting", "research"})
_ALWAYS_MODIFYING = frozenset({"amend", "propose", "attach", "enclose", "supplement"})
_MODIFYING = _ALWAYS_MODIFYING | {"revise", "execute", "request", "redact", "retain", "designate", "update", "issue"}
_SUBJECT_WORDS = 4
_SAME_PAST = frozenset({"read", "put", "set", "proofread"})  # "read" is past as well
_AUTHORING = frozenset({"draft", "prepare", "prep", "redraft"})


def joins_two_activities(first: Head, second: Head, particle: str) -> bool:
    """Tell whether two verbs that share an object are still two activities, as in 'research and draft'.

    `particle` is the word behind the first verb: preparing a paper is not preparing for an event.
    """
    if first.word in _AUTHORING and (particle == "for" or second.kind == "attend"):
        return second.kind in {"attend", "travel", "talk"}
    if first.kind == "travel" or (first.kind == "attend" and second.kind != "attend"):
        return second.kind in {"attend", "write", "read", "talk"}
    if first.kind == "research":
        return second.word in _AUTHORING or second.word in {"write", "compose", "dictate"}
    return first.word in _AUTHORING and second.kind == "file"


def opens_after_stop(governing: Head | None, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    """Judge a clause with a head behind a semicolon, a sentence end or 'then'."""
    if governing is None:
        return True
    if head.form == "past" and governing.form != "past":
        return not _is_adjective(head, tokens, _MODIFYING)
    if head.kind == "document":
        return governing.form == "noun" and governing.kind != "event" and scope == ""
    if head.kind == "event" and governing.kind in {"attend", "event"} and tells_outcome(tokens, head.after):
        return False
    if head.form != "noun" or governing.form == "noun":
        return True
    if head.kind == "letter":
        return governing.kind not in _DOCUMENTS or tokens[head.after].low != "from"
    return scope != "detail" and not (head.kind == "event" and governing.kind in _DOCUMENTS)


def tells_outcome(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a clause says what came of an event, as in 'court set trial' or 'case did not settle'."""
    for token in tokens[at : at + _SUBJECT_WORDS]:
        if token.kind in {"strong", "weak"}:
            return False
        verb = token.entry.verb
        if token.low in {"did", "was", "were", "not", "will", "is"} or (verb is not None and verb.form == "past"):
            return True
    return False


def opens_inside(governing: Head | None, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    """Judge a clause with a head behind a comma, 'and' or '&', where the task before has its object."""
    if governing is None:
        return True
    if head.form == "noun":
        return _opens_noun(governing, head, scope, tokens)
    if head.kind == "judge" and governing.kind in {"read", "judge", "research"}:
        return False
    if governing.kind == "attend" and head.word in {"negotiate", "participate", "argue", "present", "examine"}:
        return False
    if head.form == "ing":
        return not scope and governing.form in {"ing", "noun"}
    if head.form == "past" and (governing.form == "past" or governing.word in _SAME_PAST):
        return not _is_adjective(head, tokens, _ALWAYS_MODIFYING)
    if head.form == "past":
        return governing.form == "noun" and scope != "detail" and not _is_adjective(head, tokens, _MODIFYING)
    return _opens_base(governing, head, scope)


def opens_bare(governing: Head | None, scope: str, work: Token) -> bool:
    """Judge a clause that only names a sort of work, as in ', phone calls': in a list of papers it may be one of them."""
    if scope or (governing is not None and governing.kind not in {"read", "write", "call", "letter", "work"}):
        return False
    is_listed = governing is not None and governing.form != "noun"
    return not (is_listed and "letter" in work.entry.roles)


def _opens_noun(governing: Head, head: Head, scope: str, tokens: Sequence[Token]) -> bool:
    if head.kind == "letter":
        is_twin = governing.kind == "letter" and governing.word == head.word
        return is_twin or governing.kind not in _LETTER_OWNERS or (scope == "topic" and _has_topic(head, tokens))
    if head.kind == "call":
        return governing.kind not in {"attend", "clerical"} and tokens[governing.after].low != "for"
    return scope == "" and (governing.form == "noun" or head.word in _ACTIONS)


def _has_topic(head: Head, tokens: Sequence[Token]) -> bool:
    """Tell whether a letter has a subject of its own: then it is no second addressee of the one before."""
    for token in tokens[head.after :]:
        if token.kind in {"strong", "weak"}:
            return False
        if "topic" in token.entry.roles:
            return True
    return False


def _opens_base(governing: Head, head: Head, scope: str) -> bool:
    if governing.form == "past":
        return not (head.is_nounish or scope == "purpose")
    if scope == "purpose":
        return head.kind in _DOING and head.word not in _NOT_IN_PURPOSE
    return True


def _is_adjective(head: Head, tokens: Sequence[Token], words: frozenset[str]) -> bool:
    """Tell whether a past form stands before a noun, as in 'and proposed order'."""
    return head.word in words and head.after < len(tokens) and not tokens[head.after].entry.roles & EMPTY
