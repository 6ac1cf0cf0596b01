"""Where work begins: the verb or noun at the front of a clause that names what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from guidelines.narratives.lexicon import UNKNOWN, is_generic
from guidelines.narratives.tokens import ASIDE, WEAK, WORD, Token
from guidelines.narratives.wordsets import COUNTERPARTS

_ABOUT = frozenset({"re", "regarding", "concerning", "about", "on", "of", "for"})
_LOOSE = COUNTERPARTS | _ABOUT
_WORK_OF = _ABOUT | {"and", "at", "into", "to", "with", "in"}
_DETERMINERS = frozenset({"the", "a", "an", "all", "any", "both", "each", "his", "her", "its", "their", "our", "out"})
_PARTICLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "work": frozenset({"on", "with", "through"}),
        "travel": frozenset({"to", "from", "for"}),
        "return": frozenset({"to", "from"}),
        "search": frozenset({"for", "through"}),
        "check": frozenset({"on", "for", "with"}),
        "research": frozenset({"re", "regarding", "concerning", "on", "into", "whether", "for", "about"}),
        "object": frozenset({"to"}),
        "follow-up": frozenset({"with", "on", "to"}),
        "start": frozenset({"on", "with"}),
        "help": frozenset({"with"}),
        "walk": frozenset({"through"}),
        "listen": frozenset({"to"}),
        "file": frozenset({"with"}),
        "reply": frozenset({"to", "with"}),
    }
)
_ORDERS = frozenset({"order", "report", "demand", "record", "list", "document", "note", "notice", "charge", "appeal"})
_SHARED = frozenset({"and"})
_LONGEST_NAME = 3  # unknown words before a letter's or call's noun, as in 'invoice dispute letter to'


@dataclass(frozen=True, slots=True)
class Head:
    """The word a clause's work hangs on.

    Attributes:
        kind: the verb's kind, or call, letter, work, event, document for a noun.
        form: base, past or ing of a verb; noun.
        word: the verb's base form, or the noun.
        after: index of the token behind it.
        is_nounish: whether the verb's form is as often a noun.
    """

    kind: str
    form: str
    word: str
    after: int
    is_nounish: bool = False


def find_head(tokens: Sequence[Token], at: int, *, is_opening: bool) -> Head | None:
    """Return the head of a clause that begins at token `at`, past adverbs and adjectives, or None.

    `is_opening` says that the clause opens a sentence or follows a semicolon: there a call needs no person named, and
    an event is work by itself.
    """
    first, at = at, _skip(tokens, at)
    if at < len(tokens) and (head := _noun_head(tokens, at, is_opening=is_opening)) is not None:
        return head
    if is_opening and _is_unknown_verb(tokens, at):
        return Head("other", "base", tokens[at].low, at + 1)
    while at >= first and at < len(tokens):
        if (at == first or tokens[at - 1].low != "to") and (head := _verb_head(tokens, at)) is not None:
            return head
        at -= 1
    return None


def _skip(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens):
        token = tokens[at]
        is_writer = token.low == "the" and at + 1 < len(tokens) and tokens[at + 1].low == "undersigned"
        if not (is_writer or token.kind == ASIDE or "skip" in token.entry.roles):
            break
        at += 1
    return at


def _noun_head(tokens: Sequence[Token], at: int, *, is_opening: bool) -> Head | None:
    front, unknown = at, 0
    while at < len(tokens) and tokens[at].kind in {WORD, WEAK}:
        token, roles = tokens[at], tokens[at].entry.roles
        if head := _noun_at(tokens, at, is_opening=is_opening, is_named=at > front):
            return head
        if "modifier" not in roles:
            if is_opening and not unknown and token.entry.verb is not None and token.entry.verb.form == "ing":
                return _verb_head(tokens, at)
            unknown += 1
            is_name = token.entry.verb is None and "small" not in roles and token.kind == WORD
            if unknown > _LONGEST_NAME or not (is_name or (is_opening and token.low == "and")):
                return None
        at += 1
    return None


def _noun_at(tokens: Sequence[Token], at: int, *, is_opening: bool, is_named: bool) -> Head | None:
    token, roles = tokens[at], tokens[at].entry.roles
    following = at + 1
    if following < len(tokens) and tokens[following].kind == ASIDE:
        following += 1
    low = tokens[following].low if following < len(tokens) else ""
    for role in ("call", "letter"):
        if role in roles and low in (_LOOSE if is_opening or role == "call" else COUNTERPARTS):
            return Head(role, "noun", token.low, at + 1)
    barred = _SHARED if is_named else _SHARED | {"to", "with"}
    if "work" in roles and low in _WORK_OF and not (token.entry.verb is not None and low in barred):
        return Head("work", "noun", token.low, at + 1)
    for role in ("event", "document"):
        if role in roles and is_opening and _verb_head(tokens, at) is None:
            return Head(role, "noun", token.low, at + 1)
    return None


def _is_unknown_verb(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word must be a verb although the lexicon lacks it: 'the' or 'a' follows it."""
    if at + 1 >= len(tokens) or tokens[at].kind != WORD or is_generic(tokens[at].low):
        return False
    return tokens[at].entry is UNKNOWN and tokens[at + 1].low in {"the", "a", "an", "all", "his", "her", "their", "our"}


def _verb_head(tokens: Sequence[Token], at: int) -> Head | None:
    verb = tokens[at].entry.verb
    if (
        verb is None
        or verb.kind == "aim"
        or _is_thing(tokens, at)
        or (verb.is_noun and not _is_verb_here(tokens, at + 1, verb.base))
    ):
        return None
    return Head(verb.kind, verb.form, verb.base, at + 1, verb.is_noun)


def _is_thing(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word in -ing names a thing, as in 'training videos': no object of its own is marked behind it."""
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return "thing" in tokens[at].entry.roles and following not in _DETERMINERS


def _is_verb_here(tokens: Sequence[Token], at: int, base: str) -> bool:  # noqa: PLR0911 -- one way out a kind of word
    """Tell whether a word that may be a noun stands as a verb: an object follows, or another verb shares it."""
    if at >= len(tokens):
        return False
    following = tokens[at]
    if following.kind == WEAK:
        return at + 1 < len(tokens) and tokens[at + 1].entry.verb is not None
    if following.kind == ASIDE:
        return True
    if "small" in following.entry.roles and at + 1 < len(tokens) and tokens[at + 1].kind == WEAK:
        return True
    if following.kind != WORD or following.low in _PARTICLES.get(base, ()):
        return following.kind == WORD
    roles = following.entry.roles
    if base in _ORDERS and following.low.endswith("ing"):
        return False
    return following.low in _DETERMINERS or not ("small" in roles or "topic" in roles)
