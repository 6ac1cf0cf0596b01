"""A recording in one vocabulary, whichever tool made it, and what of it could not be carried."""

from dataclasses import dataclass
from typing import Literal

from core.errors import InvalidInputError

Kind = Literal["goto", "click", "fill", "choose", "check", "file", "key", "wait", "read", "dialog"]
Tool = Literal["Chrome DevTools Recorder", "Selenium IDE"]
Alternatives = tuple[str, ...]
MAIN = "main"


@dataclass(frozen=True)
class Action:
    """One thing that was done, as the tool wrote it down.

    Attributes:
        number: its place in the recording, from 1.
        word: what the tool calls it, as in 'change'.
        selectors: alternatives for the same element, the sturdiest first.
        value: what was typed or chosen, the address, the name of a key.
        is_on: a box is checked, an element is waited for (off: until it is gone), a dialog is accepted.
        frame: how to come into the frame, one entry a level; `window` is MAIN or the tool's name of another one.
        landed_on: address of the page that it led to, '' when the tool does not say.
    """

    number: int
    kind: Kind
    word: str
    selectors: Alternatives = ()
    value: str = ""
    is_on: bool = True
    frame: tuple[Alternatives, ...] = ()
    window: str = MAIN
    seconds: float | None = None
    landed_on: str = ""


@dataclass(frozen=True)
class LeftOut:
    """Something that was recorded and not carried, and why."""

    number: int
    word: str
    why: str


@dataclass(frozen=True)
class Recording:
    """Everything that was recorded, in order."""

    title: str
    tool: Tool
    actions: tuple[Action, ...]
    left_out: tuple[LeftOut, ...]

    def typed_texts(self) -> frozenset[str]:
        """Return every text that was typed or chosen, to be compared with invoice and claim numbers. Holds secrets."""
        return frozenset(a.value for a in self.actions if a.kind in {"fill", "choose"} and a.value)


class UnreadableRecordingError(InvalidInputError):
    """The file is no recording of a known tool."""

    code = "unreadable_recording"

    def __init__(self, what: str) -> None:
        super().__init__(f"The recording was not read: {what} Nothing was changed.")
