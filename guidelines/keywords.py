"""Lists of words and phrases, found in narratives quickly: most narratives are dismissed by their words alone."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"\w+")
_TASK: Final = r"(?:^|[;,.:]\s*|\b(?:and|then|to|further|continue|began|begin)\s+)"
_NO_NOUN: Final = r"(?:(?<=ing)|(?!\w|\s+of\b))"
_VOWELS: Final = "aeiou"
_SHORTEST_INFLECTED: Final = 3
_KEPT: Final = 16_384


@lru_cache(maxsize=_KEPT)
def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in lower case, and '' for the signs that every text may hold."""
    low = text.lower()
    return frozenset(("", *(low.split() if has_no_sign(low) else _WORD.findall(low))))


def has_no_sign(text: str) -> bool:
    """Tell, without a pattern, whether a text is words with spaces between them and nothing else."""
    return text.replace(" ", "").isalnum()


@lru_cache(maxsize=_KEPT)
def plain(text: str) -> str:
    """Return a text's words in their order, in lower case, without punctuation: what makes two texts the same."""
    return " ".join(_WORD.findall(text.lower()))


class Keywords:
    """Phrases as whole words, in any case, with any run of spaces or hyphens between them.

    Args:
        phrases: what to find.
        is_inflected: each word is also found with its endings: schedule, schedules, scheduled, scheduling.
        is_task: a phrase is found only where it begins the text or a part of it: not the scheduling order that is read.
    """

    def __init__(self, phrases: Iterable[str], *, is_inflected: bool = True, is_task: bool = False) -> None:
        forms = [[_forms(word) if is_inflected else {word} for word in phrase.split()] for phrase in phrases]
        self._pattern = _compiled(forms, is_task=is_task) if forms else None
        self._needed = _needed_words(forms)
        self._first = frozenset(self._needed)

    def find(self, text: str) -> str | None:
        """Return the first phrase as the text has it, or None."""
        words = words_of(text)
        if self._first.isdisjoint(words) or self._pattern is None or not self._may_be_among(words):
            return None
        found = self._pattern.search(text)
        return found[1] if found else None

    def among(self, texts: Sequence[str]) -> Iterator[str | None]:
        """Yield what `find` returns of each text; the walk over those that cannot hold a phrase stays in C."""
        for is_free, text in zip(map(self._first.isdisjoint, map(words_of, texts)), texts, strict=True):
            yield None if is_free else self.find(text)

    def without(self, text: str) -> str:
        """Return the text with every phrase taken out."""
        return self._pattern.sub(" ", text) if self._pattern else text

    def _may_be_among(self, words: frozenset[str]) -> bool:
        """Tell whether all words of some phrase are there, in whatever order."""
        for word in self._first & words:
            for others in self._needed[word]:
                if not any(map(words.isdisjoint, others)):
                    return True
        return False


def _needed_words(phrases: list[list[set[str]]]) -> dict[str, list[list[frozenset[str]]]]:
    """Return, by every form of a phrase's first word, the words besides it; '' stands for a sign that is no word."""
    needed: dict[str, list[list[frozenset[str]]]] = {}
    for phrase in phrases:
        first, *others = [frozenset(map(_first_word, forms)) for forms in phrase]
        others = [forms for forms in others if "" not in forms]
        for word in first:
            needed.setdefault(word, []).append(others)
    return needed


def _first_word(form: str) -> str:
    found = _WORD.search(form.lower())
    return found[0] if found else ""


def _compiled(phrases: list[list[set[str]]], *, is_task: bool) -> re.Pattern[str]:
    """Compile all phrases into one pattern, the longest first, so that the whole of what is there is quoted."""
    longest_first = sorted(phrases, key=len, reverse=True)
    either = "|".join(
        r"[\s-]+".join(_either(word) for word in words) + (_NO_NOUN if is_task and len(words) == 1 else "")
        for words in longest_first
    )
    return re.compile(rf"{_TASK if is_task else ''}(?<!\w)({either})(?!\w)", re.IGNORECASE)


def _either(forms: set[str]) -> str:
    return f"(?:{'|'.join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))})"


def _forms(word: str) -> set[str]:
    """Return a word with the endings of verbs and nouns; one that never occurs does no harm."""
    lower = word.lower()
    if len(lower) < _SHORTEST_INFLECTED or not lower[-1].isalpha():
        return {lower}
    if lower.endswith("e"):
        return {lower, f"{lower}s", f"{lower}d", f"{lower[:-1]}ing"}
    if lower.endswith("y") and lower[-2] not in _VOWELS:
        return {lower, f"{lower[:-1]}ies", f"{lower[:-1]}ied", f"{lower}ing"}
    doubled = lower + lower[-1] if lower[-2] in _VOWELS and lower[-1] not in "aeiouwxys" else lower
    ends = "es" if lower.endswith(("s", "x", "z", "ch", "sh")) else "s"
    return {lower, lower + ends, f"{lower}ed", f"{lower}ing", f"{doubled}ed", f"{doubled}ing"}
