"""A layout of mails learnt from one mail: where its number, word and amount stand, with the rest generalised."""

import re
from dataclasses import dataclass

_MONEY = re.compile(r"-?\$?\d[\d,]*\.\d{2}")
_TOKENS = re.compile(r"-?\$?\d[\d,]*\.\d{2}|\d+|\s+|[^\d\s]+")
_LONGEST = 1000
_AMOUNT = r"-?\$?[\d,]+\.\d{2}"


@dataclass(frozen=True)
class Pointed:
    """What a person pointed at in a mail: the invoice number, the word of the outcome, the approved amount or ''."""

    invoice_number: str
    word: str
    amount: str = ""


@dataclass(frozen=True)
class LearntLayout:
    """The subject and the text of a layout as regular expressions of a mail pattern."""

    subject: str
    invoice: str


def learn_layout(subject: str, text: str, pointed: Pointed, words: frozenset[str]) -> LearntLayout | None:
    """Generalise a mail; `words` are those the profile knows already. None when number or word stands nowhere in it.

    The layout matches the mail it was learnt from; that is checked before it is returned.
    """
    longest_first = sorted({*words, pointed.word}, key=lambda word: (-len(word), word))
    alternatives = "|".join(re.escape(word) for word in longest_first)
    groups = {
        "invoice_number": (pointed.invoice_number, _shape(pointed.invoice_number)),
        "decision": (pointed.word, f"(?:{alternatives})"),
        "amount": (pointed.amount, _AMOUNT),
    }
    wanted = {name: found for name, found in groups.items() if found[0]}
    in_text = {name: found for name, found in wanted.items() if _position(text, found[0]) >= 0}
    in_subject = {name: found for name, found in wanted.items() if _position(subject, found[0]) >= 0}
    missing = {"invoice_number", "decision"} - {*in_text, *in_subject}
    if missing or not in_text:
        return None
    only_there = {name: found for name, found in in_subject.items() if name not in in_text and name != "amount"}
    seen = {name: (value, shape) for name, (value, shape) in in_subject.items()}
    layout = LearntLayout(f"^{_subject(subject, seen, frozenset(only_there))}$", f"(?m){_text(text, in_text)}")
    return layout if _fits(layout, subject, text, pointed) else None


def _text(text: str, groups: dict[str, tuple[str, str]]) -> str:
    """Return the expression from the first group's line to the last group."""
    places = sorted((_position(text, value), name) for name, (value, _) in groups.items())
    parts: list[str] = []
    end = 0
    for at, name in places:
        value, shape = groups[name]
        if at < end:
            continue  # the word stands within what was taken already
        line = text.rfind("\n", 0, at) + 1
        if parts and line <= end:
            parts.append(_general(text[end:at]))
        else:
            parts += [r"[\s\S]*?" if parts else "", "^", _general(text[line:at])]
        parts.append(f"(?P<{name}>{shape})")
        end = at + len(value)
    return "".join(parts)


def _subject(subject: str, seen: dict[str, tuple[str, str]], only_there: frozenset[str]) -> str:
    places = sorted((_position(subject, value), name) for name, (value, _) in seen.items())
    parts, end = [], 0
    for at, name in places:
        value, shape = seen[name]
        if at < end:
            continue
        parts += [_general(subject[end:at]), f"(?P<{name}>{shape})" if name in only_there else shape]
        end = at + len(value)
    return "".join([*parts, _general(subject[end:])])


def _general(text: str) -> str:
    """Return a text with its numbers, amounts and spaces generalised, the rest to the letter."""
    return "".join(_token(token) for token in _TOKENS.findall(text))


def _token(token: str) -> str:
    if _MONEY.fullmatch(token):
        return _AMOUNT
    if token.isspace():
        return r"\s+" if "\n" in token else " +"
    return r"\d+" if token.isdigit() else re.escape(token)


def _shape(number: str) -> str:
    parts = re.findall(r"\d+|[A-Za-z]+|[^A-Za-z\d]+", number)
    return "".join(r"\d+" if part.isdigit() else r"[A-Za-z]+" if part.isalpha() else re.escape(part) for part in parts)


def _position(text: str, value: str) -> int:
    """Return where a value stands by itself, not as a part of a longer one."""
    found = re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w-])", text)
    return found.start() if found else -1


def _fits(layout: LearntLayout, subject: str, text: str, pointed: Pointed) -> bool:
    head, body = re.search(layout.subject, subject), re.search(layout.invoice, text)
    if head is None or body is None or len(layout.invoice) > _LONGEST or len(layout.subject) > _LONGEST:
        return False
    said = head.groupdict() | body.groupdict()
    return said.get("invoice_number") == pointed.invoice_number and said.get("decision") == pointed.word
