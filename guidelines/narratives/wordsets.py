"""Small closed sets of words the judgement of joints turns on."""

from collections.abc import Mapping
from types import MappingProxyType

EMPTY = frozenset({"small", "skip", "pronoun", "topic", "told", "detail"})
"""Roles of words that name nothing."""

DOCUMENT_KINDS = frozenset({"read", "write", "send", "file"})
"""Kinds of work done on papers: what follows in a list is likely one more paper."""

LETTER_OWNERS = DOCUMENT_KINDS | {"letter", "work", "research"}
"""Kinds of work that may have a letter in their list of objects."""

OWN_WORK_KINDS = frozenset({"write", "talk", "attend", "travel", "send", "file", "read", "research"})
"""Kinds that are work of their own even behind 'to discuss …' or 'that he …'."""

NOT_AFTER_PURPOSE = frozenset(
    [
        "amend",
        "supplement",
        "list",
        "note",
        "mark",
        "record",
        "document",
        "produce",
        "request",
        "ask",
        "advise",
        "obtain",
        "inform",
        "confirm",
        "present",
        "respond",
        "go",
        "explain",
        "prep",
        "provide",
        "submit",
        "take",
    ]
)
"""Verbs that behind 'to discuss … and' go on with the purpose."""

NEVER_TOLD = frozenset(
    [
        "demand",
        "request",
        "tell",
        "ask",
        "say",
        "report",
        "offer",
        "send",
        "produce",
        "return",
        "take",
        "go",
        "drive",
        "leave",
        "sign",
    ]
)
"""Verbs that behind 'letter in which he …' are his doing, not the timekeeper's."""

DURING_EVENTS = frozenset(
    ["negotiate", "participate", "argue", "present", "examine", "cross-examine", "testify", "observe", "wait"]
)
"""What one does at a hearing, deposition or mediation."""

DURING_TALKS = frozenset(["discuss", "agree", "explain", "reach", "resolve", "decide"])
"""What one does in a call or meeting."""

ACTION_NOUNS = frozenset(
    ["interview", "review", "preparation", "receipt", "attendance", "attention", "drafting", "research"]
)
"""Nouns that are always work, never the name of a paper."""

ALWAYS_ADJECTIVES = frozenset(["allege", "amend", "propose", "attach", "enclose", "supplement"])
OFTEN_ADJECTIVES = ALWAYS_ADJECTIVES | frozenset(
    ["revise", "execute", "request", "redact", "retain", "designate", "update", "issue"]
)
"""Verbs whose past form stands before a paper's name, as in 'proposed order'."""

CLEAR_PASTS = frozenset(
    [
        "draft",
        "review",
        "telephone",
        "phone",
        "call",
        "interview",
        "research",
        "meet",
        "email",
        "e-mail",
        "dictate",
        "attend",
        "analyze",
        "speak",
        "write",
        "take",
        "send",
        "confer",
        "prepare",
    ]
)
"""Verbs whose past form is the timekeeper's doing even where the entry began in another form."""

CONCLUDING = frozenset(
    ["verify", "confirm", "determine", "identify", "ascertain", "assess", "evaluate", "weigh", "quantify", "establish"]
)
"""Verbs that say to what end something was read."""

COUNTERPARTS = frozenset({"with", "w/", "to", "from", "between", "among"})
"""Words behind which the other person of a call or letter stands."""

RECORDED_EVENTS = frozenset(["deposition", "depositions", "depo", "depos", "dep", "interview", "interviews"])
"""Events that are read afterwards, so that they may stand in a list of papers."""

SAME_PAST = frozenset(["read", "put", "set", "proofread"])
"""Verbs whose past is spelled like their base."""

AUTHORING = frozenset(["draft", "prepare", "prep", "redraft"])
"""Verbs that make a paper."""

OF_OWN_WITH_PRONOUN = frozenset(["calendar", "docket", "diary", "discuss", "advise", "inform"])
"""Verbs that are work of their own even where 'same' is their object."""

NOUNS_AS_VERBS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "preparation": ("prepare", "write"),
        "prep": ("prepare", "write"),
        "drafting": ("draft", "write"),
        "attendance": ("attend", "attend"),
        "appearance": ("appear", "attend"),
        "participation": ("participate", "attend"),
        "travel": ("travel", "travel"),
        "research": ("research", "research"),
        "service": ("serve", "file"),
    }
)
"""Nouns of work with their verb and its kind."""
