"""Projects of the Selenium IDE, saved as `.side`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from carriers.recordings.document import check_length, objects_in, seconds_in, text_in
from carriers.recordings.recording import MAIN, Action, Alternatives, Kind, LeftOut, Recording, UnreadableRecordingError
from carriers.recordings.selectors import frame_at, of_selenium, sturdiest_first

_FILE = re.compile(r"(?:[A-Za-z]:\\|/|~/).+\.[A-Za-z0-9]{2,5}")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_KEY = re.compile(r"\$\{KEY_([A-Z_0-9]+)\}")
_READ_INTO = ("receipt", "confirmation", "reference")
_POINTING = "pointing at something is not needed to click it"
_LOGIC = "a profile has no conditions and no loops"
_SCRIPT = "it runs a script; wait for an element instead"
_COMPARING = ("assert", "verify")
_COMPARES = "a step looks for elements, it compares no such value"
_DROPPED: Mapping[str, str] = {
    "setWindowSize": "it only concerns how the window looks",
    "setSpeed": "a step takes the time it needs",
    "pause": "a step waits for what it needs, not for a time",
    "close": "a window is left, not closed",
    "echo": "it only writes a note",
    "debugger": "it only stops for a person",
    **dict.fromkeys(
        ("mouseOver", "mouseOut", "mouseDown", "mouseUp", "mouseMoveAt", "mouseDownAt", "mouseUpAt"), _POINTING
    ),
    **dict.fromkeys(("if", "else", "elseIf", "while", "times", "do", "forEach", "repeatIf", "end", "run"), _LOGIC),
    **dict.fromkeys(("executeScript", "executeAsyncScript", "runScript", "waitForCondition"), _SCRIPT),
}
_ACTS: Mapping[str, tuple[Kind, bool]] = {
    "click": ("click", True),
    "clickAt": ("click", True),
    "doubleClick": ("click", True),
    "doubleClickAt": ("click", True),
    "check": ("check", True),
    "uncheck": ("check", False),
    "waitForElementPresent": ("wait", True),
    "waitForElementVisible": ("wait", True),
    "waitForElementEditable": ("wait", True),
    "waitForText": ("wait", True),
    "assertElementPresent": ("wait", True),
    "verifyElementPresent": ("wait", True),
    "assertText": ("wait", True),
    "verifyText": ("wait", True),
    "waitForElementNotPresent": ("wait", False),
    "waitForElementNotVisible": ("wait", False),
    "assertElementNotPresent": ("wait", False),
    "verifyElementNotPresent": ("wait", False),
}
_ANSWERS: Mapping[str, bool] = {
    "webdriverChooseOkOnVisibleConfirmation": True,
    "webdriverChooseCancelOnVisibleConfirmation": False,
    "acceptAlert": True,
    "acceptConfirmation": True,
    "dismissConfirmation": False,
    "dismissPrompt": False,
    "assertAlert": True,
    "assertConfirmation": True,
}
_ANSWERS_NEXT: Mapping[str, bool] = {"chooseOkOnNextConfirmation": True, "chooseCancelOnNextConfirmation": False}


def is_selenium_ide(document: dict[str, Any]) -> bool:
    """Whether the document looks like a project of this tool."""
    return isinstance(document.get("tests"), list)


def read_selenium_ide(document: dict[str, Any]) -> Recording:
    """Read the longest test of a project; the others are named as left out.

    Raises:
        UnreadableRecordingError: it holds no command, or far too many.
    """
    tests = [(test, objects_in(test, "commands") or []) for test in objects_in(document, "tests") or []]
    chosen, commands = max(tests, key=lambda pair: len(pair[1]), default=({}, []))
    check_length(commands)
    if not commands:
        raise UnreadableRecordingError("it holds no test with a command.")
    reader = _Reader(text_in(document, "url"))
    for number, command in enumerate(commands, 1):
        reader.read(number, command)
    others = [LeftOut(0, "test", _other(test)) for test, _ in tests if test is not chosen]
    title = text_in(chosen, "name") or text_in(document, "name") or "Recording"
    return Recording(title, "Selenium IDE", tuple(reader.actions), (*others[:20], *reader.left_out))


def _other(test: dict[str, Any]) -> str:
    return f"the project's test '{text_in(test, 'name')[:60]}' was not read; import it from a project of its own"


@dataclass
class _Reader:
    """Reads command by command and remembers what the tool remembers: frame, window, variables, the next answer."""

    base: str
    actions: list[Action] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    frame: tuple[Alternatives, ...] = ()
    window: str = MAIN
    variables: dict[str, str] = field(default_factory=dict)
    handles: dict[str, str] = field(default_factory=dict)
    answer: bool | None = None

    def read(self, number: int, command: dict[str, Any]) -> None:
        """Read one command."""
        word = text_in(command, "command")[:60]
        if word.startswith("//"):
            self._leave(number, word, "it was switched off")
        elif word in _DROPPED:
            self._leave(number, word, _DROPPED[word])
        elif word in _ACTS:
            self._act(number, word, command)
        elif word in _ANSWERS:
            self._add(Action(number, "dialog", word, is_on=_ANSWERS[word], window=self.window))
        elif word in _ANSWERS_NEXT:
            self.answer = _ANSWERS_NEXT[word]
        elif reader := _WORDS.get(word):
            reader(self, number, word, command)
        else:
            self._leave(number, word or "?", _COMPARES if word.startswith(_COMPARING) else "this command is not known")

    def _leave(self, number: int, word: str, why: str) -> None:
        self.left_out.append(LeftOut(number, word, why))

    def _add(self, action: Action) -> None:
        self.actions.append(action)
        if action.kind == "click" and self.answer is not None:
            self.actions.append(Action(action.number, "dialog", "answer", is_on=self.answer, window=self.window))
            self.answer = None

    def _act(self, number: int, word: str, command: dict[str, Any]) -> None:
        kind, is_on = _ACTS[word]
        seconds = seconds_in(_number(text_in(command, "value"))) if word.startswith("waitFor") else None
        self._on_element(number, word, kind, command, is_on=is_on, seconds=seconds)
        if command.get("opensWindow") is True and (name := text_in(command, "windowHandleName")):
            self.handles[name] = name

    def _on_element(
        self,
        number: int,
        word: str,
        kind: Kind,
        command: dict[str, Any],
        *,
        value: str = "",
        is_on: bool = True,
        seconds: float | None = None,
    ) -> None:
        selectors = self._selectors(command)
        if not selectors:
            self._leave(number, word, "it names no element that a step could find")
            return
        self._add(Action(number, kind, word, selectors, value, is_on, self.frame, self.window, seconds))

    def _selectors(self, command: dict[str, Any]) -> Alternatives:
        listed = command.get("targets")
        pairs = [pair for pair in listed if isinstance(pair, list) and pair] if isinstance(listed, list) else []
        targets = [text_in(command, "target"), *(text_in({"it": pair[0]}, "it") for pair in pairs)]
        return sturdiest_first(of_selenium(target) for target in targets if not _VARIABLE.search(target))

    def open(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read an address, below the project's or whole."""
        address = _joined(self.base, text_in(command, "target"))
        if not address:
            self._leave(number, word, "it opens no address of a site")
            return
        self.frame = ()
        self._add(Action(number, "goto", word, value=address, window=self.window))

    def type(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read a typed text, a pressed key or a chosen file."""
        raw = text_in(command, "value")
        typed = self._resolved(_KEY.sub("", raw))
        if typed is None:
            self._leave(number, word, "it types a variable whose value the recording does not hold")
        elif typed or not raw:
            kind: Kind = "file" if _FILE.fullmatch(typed) else "fill"
            self._on_element(number, word, kind, command, value=typed)
        for key in _KEY.findall(raw):
            self._add(Action(number, "key", word, value=key.title(), frame=self.frame, window=self.window))

    def select(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read a choice by text or value."""
        kind, equals, text = text_in(command, "value").partition("=")
        chosen = self._resolved(text if equals else kind)
        if (equals and kind not in {"label", "value"}) or chosen is None:
            self._leave(number, word, "the choice is named by its place or a variable; name it by its text")
            return
        self._on_element(number, word, "choose", command, value=chosen)

    def select_frame(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read a change of frame."""
        target = text_in(command, "target")
        kind, _, value = target.partition("=")
        if target == "relative=parent":
            self.frame = self.frame[:-1]
        elif kind == "relative":
            self.frame = ()
        elif kind == "index" and value.isascii() and value.isdigit() and len(value) < 3:  # noqa: PLR2004 -- no page has a hundred frames
            self.frame = (*self.frame, frame_at(int(value)))
        elif found := self._selectors(command):
            self.frame = (*self.frame, found)
        else:
            self._leave(number, word, "it names no frame that a step could find; what follows may miss its frame")

    def select_window(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read a change of window; only handles say which one is meant."""
        found = re.fullmatch(r"handle=\$\{(.+)\}", text_in(command, "target"))
        if not found or found[1] not in self.handles:
            self._leave(number, word, "it names a window that no recorded click opened")
            return
        self.frame, self.window = (), self.handles[found[1]]

    def store(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read a variable; its value is not repeated anywhere."""
        self.variables[text_in(command, "value")] = text_in(command, "target")
        self._leave(number, word, "its value stands where it is used")

    def store_handle(self, _number: int, _word: str, command: dict[str, Any]) -> None:
        """Remember the window of now under a name."""
        self.handles[text_in(command, "target")] = self.window

    def store_text(self, number: int, word: str, command: dict[str, Any]) -> None:
        """Read what is kept; only a receipt has a place to be kept in."""
        if any(part in text_in(command, "value").lower() for part in _READ_INTO):
            self._on_element(number, word, "read", command)
        else:
            self._leave(number, word, "a recording can keep the receipt only; name the variable 'receipt'")

    def _resolved(self, text: str) -> str | None:
        names = _VARIABLE.findall(text)
        if any(name not in self.variables for name in names):
            return None
        return _VARIABLE.sub(lambda found: self.variables[found[1]], text)


def _joined(base: str, target: str) -> str:
    try:
        address = urljoin(base, target)
    except ValueError:
        return ""
    return address if address.lower().startswith(("http://", "https://")) else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None  # noqa: PLR2004 -- eleven days


_Command = Callable[[_Reader, int, str, dict[str, Any]], None]
_WORDS: Mapping[str, _Command] = {
    "open": _Reader.open,
    "type": _Reader.type,
    "sendKeys": _Reader.type,
    "select": _Reader.select,
    "selectFrame": _Reader.select_frame,
    "selectWindow": _Reader.select_window,
    "store": _Reader.store,
    "storeWindowHandle": _Reader.store_handle,
    "storeText": _Reader.store_text,
    "storeValue": _Reader.store_text,
}
