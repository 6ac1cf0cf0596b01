"""Characters LEDES cannot carry: those with an ASCII twin are replaced and listed, the others refused."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.errors import InvalidInputError
from ledes.twins import TWINS

_SUSPECT = re.compile("|".join([*map(re.escape, sorted(TWINS, key=len, reverse=True)), r"[^\x20-\x7e]"]))
_CLEAN = re.compile(r"[\x20-\x5a\x5c\x5e-\x7b\x7d\x7e]*")
FIT_BYTES: Final = bytes(set(range(0x20, 0x7F)) - set(b"[]"))  # of a record: pipes stand between its values


class NoAsciiTwinError(InvalidInputError):
    """A text holds characters that no ASCII text can stand for."""

    code = "no_ascii_twin"


@dataclass(frozen=True, slots=True)
class Change:
    """One replacement: where it stood in the original (from 0), what stood there, what stands there now."""

    position: int
    original: str
    replacement: str

    @property
    def name(self) -> str:
        """Return the character's own name, for people: 'EM DASH'."""
        return character_name(self.original[0])


def is_clean(text: str) -> bool:
    """Tell whether LEDES can carry `text` as it is: printable ASCII without a pipe or a square bracket."""
    return _CLEAN.fullmatch(text) is not None


def character_name(character: str) -> str:
    """Return the Unicode name of a character, or its number when it has none: 'U+0007'."""
    return unicodedata.name(character, f"U+{ord(character):04X}")


def transliterate(text: str) -> tuple[str, tuple[Change, ...]]:
    """Return `text` in characters LEDES can carry, and every change made to it.

    Raises:
        NoAsciiTwinError: naming each character that has no twin; nothing is ever dropped in silence.
    """
    if is_clean(text):
        return text, ()
    changes = tuple(Change(found.start(), found[0], twin) for found, twin in _twins(text) if twin is not None)
    homeless = dict.fromkeys(found[0] for found, twin in _twins(text) if twin is None)
    if homeless:
        names = ", ".join(f"{_shown(character)} ({character_name(character)})" for character in homeless)
        message = f"The text holds {names}, which LEDES cannot carry. The text was kept as it is; retype that part."
        raise NoAsciiTwinError(message, characters=tuple(homeless))
    return _apply(text, changes), changes


def _twins(text: str) -> Iterator[tuple[re.Match[str], str | None]]:
    for found in _SUSPECT.finditer(text):
        yield found, _twin(found, text)


def _twin(found: re.Match[str], text: str) -> str | None:
    original = found[0]
    twin = TWINS.get(original)
    if twin is None:
        return _without_accents(original)
    before, after = text[: found.start()][-1:], text[found.end() :][:1]
    if unicodedata.category(original[0]) == "No" and before.isdigit():
        return f" {twin}" if "/" in twin else f"^{twin}"
    return f"{twin} " if twin.endswith(".") and after.isalnum() else twin


def _without_accents(character: str) -> str | None:
    """Return the bare Latin letter; '' for a combining accent, which its letter has shed; None for all else."""
    if unicodedata.combining(character):
        return ""
    letter = "".join(part for part in unicodedata.normalize("NFD", character) if not unicodedata.combining(part))
    return letter if len(letter) == 1 and letter.isascii() and letter.isalpha() else None


def _apply(text: str, changes: tuple[Change, ...]) -> str:
    parts, end = [], 0
    for change in changes:
        parts += [text[end : change.position], change.replacement]
        end = change.position + len(change.original)
    return "".join([*parts, text[end:]])


def _shown(character: str) -> str:
    return f"'{character}'" if character.isprintable() else "an invisible character"
