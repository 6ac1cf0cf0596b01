"""Where a recording is cut: signing in, placing the file, signing out."""

from dataclasses import dataclass, replace
from itertools import pairwise

from carriers.recordings.fields import is_leaving, is_opening_chooser, is_pressing, login_purpose
from carriers.recordings.recording import Action, LeftOut, Recording
from carriers.recordings.selectors import WITHIN
from carriers.steps import SELECTOR_PREFIXES

_FIELDS = frozenset({"fill", "choose", "file", "check"})


@dataclass(frozen=True)
class Parts:
    """The recording in parts, and what tidying left out."""

    login: tuple[Action, ...]
    upload: tuple[Action, ...]
    logout: tuple[Action, ...]
    left_out: tuple[LeftOut, ...]


def cut(recording: Recording) -> Parts:
    """Cut a recording: the log-in ends with the click after the last secret, the upload with the log-out."""
    tidied, left_out = _tidied(recording.actions)
    file_at = next((at for at, action in enumerate(tidied) if action.kind == "file"), len(tidied))
    login_end = _login_end(tidied[:file_at])
    leaving_at = next(
        (at for at, action in enumerate(tidied) if at >= max(login_end, file_at) and is_leaving(action)), len(tidied)
    )
    after = [LeftOut(a.number, a.word, "it comes after signing out") for a in tidied[leaving_at + 1 :]]
    return Parts(
        login=tuple(tidied[:login_end]),
        upload=tuple(tidied[login_end:leaving_at]),
        logout=tuple(tidied[leaving_at : leaving_at + 1]),
        left_out=(*left_out, *after),
    )


def _login_end(actions: list[Action]) -> int:
    """Return where the log-in ends: 0 when no secret was typed."""
    last, after_secret = -1, False
    for at, action in enumerate(actions):
        purpose = login_purpose(action, after_secret=after_secret) if action.kind == "fill" else ""
        if purpose in {"secret", "code"}:
            last, after_secret = at, True
    if last < 0:
        last = _password_by_place(actions)
    if last < 0:
        return 0
    end = next((at + 1 for at, a in enumerate(actions) if at > last and a.kind in {"click", "key"}), last + 1)
    while end < len(actions) and actions[end].kind == "wait":
        end += 1
    return end


def _password_by_place(actions: list[Action]) -> int:
    """Return the field right after the user name, when no field calls itself a password."""
    fields = [at for at, action in enumerate(actions) if action.kind == "fill"]
    for first, second in pairwise(fields):
        if login_purpose(actions[first], after_secret=False) == "user":
            return second
    return -1


def _tidied(actions: tuple[Action, ...]) -> tuple[list[Action], list[LeftOut]]:
    """Drop what a person does around typing: clicking into a field, correcting oneself, opening the file chooser."""
    kept: list[Action] = []
    left_out: list[LeftOut] = []
    for action in (a for a in actions if not _is_moving(a)):
        while kept and (why := _why_needless(kept[-1], action)):
            dropped = kept.pop()
            left_out.append(LeftOut(dropped.number, dropped.word, why))
            action = replace(action, landed_on=action.landed_on or dropped.landed_on)  # noqa: PLW2901 -- the same step, knowing more
        kept.append(action)
    kept = [*kept[:1], *(_pressed(action, before) for before, action in pairwise(kept))]
    moving = [LeftOut(a.number, a.word, "it only moves the cursor") for a in actions if _is_moving(a)]
    return kept, [*left_out, *moving]


def _pressed(action: Action, before: Action) -> Action:
    """Turn Enter in a field into a click on the button of that field's form."""
    if action.kind != "key" or before.kind != "fill":
        return action
    field = next((one for one in before.selectors if not one.startswith(SELECTOR_PREFIXES) and WITHIN not in one), "")
    if not field:
        return action
    button = f"form:has({field}) :is(input[type=submit], button[type=submit], button:not([type]))"
    return replace(action, kind="click", selectors=(button,), frame=before.frame)


def _is_moving(action: Action) -> bool:
    return action.kind == "key" and action.value not in {"Enter", "NumpadEnter", "Return"}


def _why_needless(earlier: Action, later: Action) -> str:
    is_same = earlier.selectors[:1] == later.selectors[:1] and bool(later.selectors)
    if earlier.kind == "click" and later.kind == "file" and (is_same or is_opening_chooser(earlier)):
        return "it opened the file chooser; the file is given to its field directly"
    if earlier.kind == "click" and later.kind in _FIELDS and is_same:
        return "a field is filled without clicking into it first"
    if earlier.kind == later.kind == "click" and later.word.startswith("doubleClick") and is_same:
        return "a double click is carried as one click"
    if earlier.kind == "key" and later.kind == "click" and is_pressing(later):
        return "it pressed the button that is clicked next"
    if earlier.kind == "fill" and later.kind == "fill" and is_same:
        return "the field was typed into again right after"
    return ""
