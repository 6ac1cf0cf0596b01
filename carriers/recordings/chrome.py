"""Recordings of the Chrome DevTools Recorder, exported as JSON."""

from collections.abc import Callable, Mapping
from typing import Any

from carriers.recordings.document import check_length, clean, objects_in, seconds_in, text_in
from carriers.recordings.recording import MAIN, Action, Kind, LeftOut, Recording, UnreadableRecordingError
from carriers.recordings.selectors import frame_at, of_chrome

_CHOSEN_FILE = "C:\\fakepath\\"
_DEEPEST_FRAME = 8
_LOOKS = "it only concerns how the window looks"
_DROPPED: Mapping[str, str] = {
    "setViewport": _LOOKS,
    "emulateNetworkConditions": "the speed of the line is as it is",
    "hover": "pointing at something is not needed to click it",
    "scroll": "a step scrolls to its element by itself",
    "close": "a window is left, not closed",
    "keyUp": "releasing a key does nothing by itself",
    "waitForExpression": "it runs a script; wait for an element instead",
    "customStep": "only the program that wrote it knows what it does",
}


def is_chrome(document: dict[str, Any]) -> bool:
    """Whether the document looks like a recording of this tool."""
    return isinstance(document.get("steps"), list)


def read_chrome(document: dict[str, Any]) -> Recording:
    """Read a recording.

    Raises:
        UnreadableRecordingError: it holds no step, or far too many.
    """
    steps = objects_in(document, "steps") or []
    check_length(steps)
    if not steps:
        raise UnreadableRecordingError("it holds no step.")
    read = [_step(number, step, seconds_in(document.get("timeout"))) for number, step in enumerate(steps, 1)]
    return Recording(
        title=text_in(document, "title") or "Recording",
        tool="Chrome DevTools Recorder",
        actions=tuple(one for one in read if isinstance(one, Action)),
        left_out=tuple(one for one in read if isinstance(one, LeftOut)),
    )


def _step(number: int, step: dict[str, Any], usual_seconds: float | None) -> Action | LeftOut:
    kind = text_in(step, "type")[:40]
    if kind in _DROPPED:
        return LeftOut(number, kind, _DROPPED[kind])
    reader = _READERS.get(kind)
    if reader is None:
        return LeftOut(number, kind or "?", "this kind of step is not known")
    return reader(number, kind, step, _where(step, seconds_in(step.get("timeout")) or usual_seconds))


def _where(step: dict[str, Any], seconds: float | None) -> dict[str, Any]:
    """Return what every kind of step may carry: frame, window, time limit, the page it led to."""
    return {
        "frame": tuple(frame_at(place) for place in _frame_path(step.get("frame"))),
        "window": text_in(step, "target") or MAIN,
        "seconds": seconds,
        "landed_on": _landed_on(step),
    }


def _frame_path(value: object) -> list[int]:
    path = value if isinstance(value, list) else []
    return [place for place in path[:_DEEPEST_FRAME] if isinstance(place, int) and 0 <= place < 100]  # noqa: PLR2004 -- no page has a hundred frames


def _landed_on(step: dict[str, Any]) -> str:
    events = objects_in(step, "assertedEvents") or []
    addresses = [text_in(event, "url") for event in events if event.get("type") == "navigation"]
    return next((address for address in reversed(addresses) if address), "")


def _navigate(number: int, word: str, step: dict[str, Any], where: dict[str, Any]) -> Action | LeftOut:
    address = text_in(step, "url")
    if not address.lower().startswith(("http://", "https://")):
        return LeftOut(number, word, "it opens a page of the browser itself, not of the site")
    return Action(number, "goto", word, value=address, **{**where, "frame": ()})


def _click(number: int, word: str, step: dict[str, Any], where: dict[str, Any]) -> Action | LeftOut:
    if step.get("button", "primary") != "primary":
        return LeftOut(number, word, "it was not the main button of the mouse")
    return _on_element(number, word, "click", step, where)


def _change(number: int, word: str, step: dict[str, Any], where: dict[str, Any]) -> Action | LeftOut:
    value = clean(step.get("value"))
    if not isinstance(step.get("value"), str):
        return LeftOut(number, word, "what was typed is no text")
    if value.startswith(_CHOSEN_FILE):
        return _on_element(number, word, "file", step, where, value)
    return _on_element(number, word, "choose" if _is_list(step) else "fill", step, where, value)


def _wait(number: int, word: str, step: dict[str, Any], where: dict[str, Any]) -> Action | LeftOut:
    count, operator = step.get("count", 1), step.get("operator", ">=")
    is_gone = step.get("visible") is False or (count == 0 and operator in {"==", "<="})
    return _on_element(number, word, "wait", step, {**where, "is_on": not is_gone})


def _key(number: int, word: str, step: dict[str, Any], where: dict[str, Any]) -> Action:
    return Action(number, "key", word, value=text_in(step, "key"), **where)


def _on_element(
    number: int, word: str, kind: Kind, step: dict[str, Any], where: dict[str, Any], value: str = ""
) -> Action | LeftOut:
    selectors = of_chrome(step.get("selectors"))
    if not selectors:
        return LeftOut(number, word, "it names no element that a step could find")
    return Action(number, kind, word, selectors, value, **where)


def _is_list(step: dict[str, Any]) -> bool:
    selectors = of_chrome(step.get("selectors"))
    return any(
        part.startswith(("select#", "select.", "select[", "xpath///select")) or '[role="combobox"]' in part
        for part in selectors
    )


_Reader = Callable[[int, str, dict[str, Any], dict[str, Any]], Action | LeftOut]
_READERS: Mapping[str, _Reader] = {
    "navigate": _navigate,
    "click": _click,
    "doubleClick": _click,
    "change": _change,
    "keyDown": _key,
    "waitForElement": _wait,
}
