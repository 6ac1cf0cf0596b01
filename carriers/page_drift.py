"""How a page differs from the one that was taken as its base, in words that an administrator acts on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from carriers.page_sheet import PageSheet, Place, Reliance, SheetPart

_TYPES = {
    "text": "text field",
    "password": "password field",
    "file": "file field",
    "checkbox": "box",
    "radio": "choice",
    "select": "list",
    "textarea": "text area",
    "date": "date field",
    "number": "number field",
    "email": "e-mail field",
    "search": "search field",
}
_Key = Callable[[SheetPart], tuple[str, ...]]


@dataclass(frozen=True)
class PageChange:
    """One change, with its place in either picture. `is_breaking` tells that a step of the profile will fail by it."""

    words: str
    is_breaking: bool = False
    before: Place | None = None
    now: Place | None = None


def compare_pages(before: PageSheet, now: PageSheet) -> tuple[PageChange, ...]:
    """Return what appeared, vanished or changed; what breaks a step comes first."""
    changes = [*_stopped(before, now), *_reliances(before, now), *_parts(before, now)]
    return tuple(sorted(changes, key=lambda change: not change.is_breaking))


def _stopped(before: PageSheet, now: PageSheet) -> Iterator[PageChange]:
    if now.missing and now.missing != before.missing:
        yield PageChange(f"The walk stopped here: “{now.missing_step}” found none of {now.missing}.", is_breaking=True)


def _reliances(before: PageSheet, now: PageSheet) -> Iterator[PageChange]:
    known = {(one.list_name, one.step, one.selectors): one for one in before.reliances}
    for one in now.reliances:
        old = known.get((one.list_name, one.step, one.selectors))
        if old is not None and old.traits != one.traits:
            yield _reliance_change(old, one)


def _reliance_change(old: Reliance, now: Reliance) -> PageChange:
    looked_for = ", ".join(now.selectors)
    if now.met == "none":
        return PageChange(f"“{now.step}” finds nothing any more; it looks for {looked_for}.", True, old.place, None)
    if old.met == "none":
        words = f"“{now.step}” finds its element on this page already, where it found none before."
        return PageChange(words, before=None, now=now.place)
    if now.met == "many":
        words = f"“{now.step}” meets more than one element now, so nothing would be clicked."
        return PageChange(words, True, old.place, now.place)
    if now.way > old.way:
        words = f"“{now.step}” is found by {now.selectors[now.way]} only; {now.selectors[old.way]} meets nothing now."
        return PageChange(words, before=old.place, now=now.place)
    return PageChange(f"“{now.step}” is found by {now.selectors[now.way]} now.", before=old.place, now=now.place)


def _parts(before: PageSheet, now: PageSheet) -> Iterator[PageChange]:
    kept = {part.traits for part in before.parts} & {part.traits for part in now.parts}
    old = [part for part in before.parts if part.traits not in kept]
    new = [part for part in now.parts if part.traits not in kept]
    for was, became in _pairs(old, new):
        yield PageChange(_changed_words(was, became), before=was.place, now=became.place)
    for part in old:
        yield PageChange(f"The {_named(part)} is gone.", before=part.place)
    for part in new:
        yield PageChange(f"There is a new {_named(part)}.", now=part.place)


def _pairs(old: list[SheetPart], new: list[SheetPart]) -> Iterator[tuple[SheetPart, SheetPart]]:
    """Yield what is the same thing changed, and take it out of both lists; the surest likeness counts first."""
    for key in _LIKENESS:
        for was in list(old):
            like = [one for one in new if key(one) == key(was)]
            if not all(key(was)) or len(like) != 1 or sum(key(one) == key(was) for one in old) != 1:
                continue
            old.remove(was)
            new.remove(like[0])
            yield was, like[0]


_LIKENESS: tuple[_Key, ...] = (
    lambda part: (part.kind, part.type, part.name, part.ident),
    lambda part: (part.kind, part.name, part.ident),
    lambda part: (part.kind, part.type or "-", part.label),
    lambda part: (part.kind, part.name),
    lambda part: (part.kind, part.ident),
    lambda part: (part.kind, part.label),
    lambda part: (part.kind, part.type or "-", part.frame or "-"),
)


def _changed_words(was: SheetPart, became: SheetPart) -> str:
    said = []
    if was.label != became.label:
        said.append(f"is now labelled “{became.label}”" if became.label else "has no label any more")
    if was.name != became.name:
        said.append(f"is now named “{became.name}”{_was(was.name)}" if became.name else "has no name any more")
    if was.ident != became.ident:
        said.append(f"has the id “{became.ident}” now{_was(was.ident)}" if became.ident else "has no id any more")
    if was.type != became.type:
        said.append(f"is now a {_noun(became)}")
    if was.target != became.target:
        said.append(f"leads to {became.target or 'its own page'} now{_was(was.target)}")
    if was.frame != became.frame:
        said.append(f"lies in the frame “{became.frame}” now" if became.frame else "lies in no frame any more")
    return f"The {_named(was)} {' and '.join(said)}."


def _was(before: str) -> str:
    return f" (was “{before}”)" if before else ""


def _named(part: SheetPart) -> str:
    called = part.label or part.name or part.ident
    return f"{_noun(part)} “{called}”" if called else f"{_noun(part)} without a name"


def _noun(part: SheetPart) -> str:
    return _TYPES.get(part.type, "field") if part.kind == "field" else part.kind
