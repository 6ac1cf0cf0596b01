"""What a page is made of, as far as its profile and its forms go: the same from night to night until the site changes.

Tokens, dates, counts and rows of data are left out or made alike, so that only a redesign shows.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from carriers.page import Page
from carriers.steps import Part, Step
from core.ids import sha256_hex

PartKind = Literal["field", "button", "form", "frame"]
Met = Literal["none", "one", "many"]
# Left, top, width and height in thousandths of the picture.
Place = tuple[int, int, int, int]

_ANY = "…"
_LONGEST = 120
_WHOLE_TOKENS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|:r[0-9a-z]*:", re.IGNORECASE)
_TOKEN = re.compile(r"^(?:\d{3,}|(?=.*\d)[0-9a-f]{8,}|(?=(?:.*\d){3})(?=.*[a-z])(?=.*[A-Z])\w{12,})$")
_JOINTS = re.compile(r"([_\-.:$/\[\]])")
_NUMBERS = re.compile(r"\d[\d.,:/\-]*")
_SPACES = re.compile(r"\s+")


class SheetPart(Part):
    """A field, button, form or frame. `type` is its HTML type, `target` where a form or frame leads.

    `frame` names the frames it lies in; `place` is None where it cannot be seen.
    """

    kind: PartKind
    type: str = ""
    name: str = ""
    ident: str = ""
    label: str = ""
    target: str = ""
    frame: str = ""
    place: Place | None = None

    @property
    def traits(self) -> tuple[str, ...]:
        """All of it but its place, which moves with the text around it."""
        return (self.kind, self.type, self.name, self.ident, self.label, self.target, self.frame)


class Reliance(Part):
    """What a step of the profile needs of the page.

    `met` says whether one of the selectors meets something; of a final click also whether it meets more than one.
    `way` is the place of the first that does, -1 for none.
    """

    list_name: str
    step: str
    selectors: tuple[str, ...]
    met: Met
    way: int = -1
    place: Place | None = None

    @property
    def traits(self) -> tuple[str, ...]:
        """What must not change."""
        return (self.list_name, self.step, *self.selectors, self.met, str(self.way))


class PageSheet(Part):
    """One page. `missing` is the selector that the walk stopped at, in `missing_step`; '' where it went on."""

    parts: tuple[SheetPart, ...] = ()
    reliances: tuple[Reliance, ...] = ()
    missing_step: str = ""
    missing: str = ""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that must not change; order and repetition do not count."""
        parts = sorted({part.traits for part in self.parts})
        reliances = sorted({one.traits for one in self.reliances})
        return sha256_hex(repr((parts, reliances, self.missing)))


class SurveyingPage(Page, Protocol):
    """A page whose parts can be listed."""

    def survey(self, data_rows: Sequence[str], selectors: Sequence[str]) -> "RawSurvey":
        """List the parts of the page in all its frames, and what selectors meet in the one that is worked in."""
        ...


class RawSurvey(Part):
    """A page's parts as the browser sees them, and for each selector how many it meets and where the first is."""

    parts: tuple[dict[str, Any], ...] = ()
    met: tuple[tuple[int, Place | None], ...] = ()

    @property
    def traits(self) -> tuple[object, ...]:
        """What shows whether the page is still on its way."""
        parts = tuple(tuple((k, v) for k, v in sorted(part.items()) if k != "place") for part in self.parts)
        return parts, tuple(count for count, _ in self.met)


def sheet_parts(raw: Sequence[Mapping[str, Any]]) -> tuple[SheetPart, ...]:
    """Return the parts of a page, names and words freed of what is new each time; what is alike stands once."""
    found: dict[tuple[str, ...], SheetPart] = {}
    for one in raw:
        texts = {key: str(one.get(key) or "")[:_LONGEST] for key in ("name", "id", "label", "target", "frame")}
        place = one.get("place")
        part = SheetPart(
            kind=one["kind"],
            type=str(one.get("type") or "").lower(),
            name=without_tokens(texts["name"]),
            ident=without_tokens(texts["id"]),
            label=without_numbers(texts["label"]),
            target=without_tokens(texts["target"]),
            frame=without_tokens(texts["frame"]),
            place=tuple(place) if place else None,
        )
        found.setdefault(part.traits, part)
    return tuple(found.values())


def reliance(
    list_name: str, step: Step, selectors: Sequence[str], met: Sequence[tuple[int, Place | None]], *, is_final: bool
) -> Reliance:
    """Return what a step's selectors met."""
    way = next((at for at, (count, _) in enumerate(met) if count), -1)
    count, place = met[way] if way >= 0 else (0, None)
    if step.verb == "read_table":  # its rows and its sign of an empty list take turns
        way, place = min(way, 0), None
    is_many = is_final and count > 1
    return Reliance(
        list_name=list_name,
        step=step.label,
        selectors=tuple(selectors),
        met="none" if count == 0 else "many" if is_many else "one",
        way=way,
        place=place,
    )


def without_tokens(name: str) -> str:
    """Return a name or address with each part that a server makes anew replaced by '…'."""
    return "".join(_ANY if _TOKEN.match(part) else part for part in _JOINTS.split(_WHOLE_TOKENS.sub(_ANY, name)))


def without_numbers(words: str) -> str:
    """Return words with dates, counts and numbers replaced by '…'."""
    return _NUMBERS.sub(_ANY, _SPACES.sub(" ", words).strip())
