"""A file in doubt as its decider sees it: the last picture before the click, the last one after it, and the times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.clock import today
from models import AuditEvent
from services.uploads.submission_board import EvidenceRow
from state.words import counted

_CLICKED, _DOUBTED = "submission:declare_intent", "submission:doubt"
_LOOKED = ("submission:verify", "submission:look_later")
_AFTER = ("after", "failure")
LISTING = "listing"


@dataclass(frozen=True)
class Sight:
    """One picture beside the other; `href` is '' where none was taken."""

    title: str
    href: str
    taken_at: str
    label: str


@dataclass(frozen=True)
class Decider:
    """Somebody who may decide."""

    id: str
    name: str


def sights(evidence: Sequence[EvidenceRow]) -> list[Sight]:
    """Return the last picture before the click, the last one after it, and of the site's list when it was last read."""
    pictures = [piece for piece in evidence if piece.media_type.startswith("image/")]
    before = [piece for piece in pictures if piece.kind == "before"]
    after = [piece for piece in pictures if piece.kind in _AFTER]
    return [
        _sight("Before the click", before),
        _sight("After it", after),
        _sight("The site's list, read last", listings(evidence), "It was not read since the file left us"),
    ]


def listings(evidence: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """Return the pictures of the site's list, each taken when it was read after the click."""
    return [piece for piece in evidence if piece.kind == LISTING and piece.media_type.startswith("image/")]


def timings(history: Sequence[AuditEvent]) -> list[str]:
    """Return when the file may have left us, when that became doubtful, and how often the site was looked at since."""
    clicked = [event.at for event in history if event.tag == _CLICKED]
    doubted = [event.at for event in history if event.tag == _DOUBTED]
    found = [f"About to submit at {clicked[-1]:%H:%M:%S} UTC"] if clicked else []
    if doubted:
        found.append(f"In doubt since {doubted[-1]:%H:%M:%S} UTC{_later(clicked, doubted)}")
    looks = sum(event.tag in _LOOKED for event in history)
    return [
        *found,
        f"The portal looked {counted(looks, 'more time')} since" if looks else "Not looked for again yet",
    ]


def _sight(title: str, pieces: Sequence[EvidenceRow], missing: str = "No picture was taken") -> Sight:
    if not pieces:
        return Sight(title, "", "", missing)
    last = pieces[-1]
    day = "" if last.taken_at.date() == today() else f"{last.taken_at.day} {last.taken_at:%b}, "
    label = "" if last.kind == LISTING else last.label
    return Sight(title, f"/files/evidence/{last.evidence_id}", f"{day}{last.taken_at:%H:%M:%S} UTC", label)


def _later(clicked: Sequence[datetime], doubted: Sequence[datetime]) -> str:
    if not clicked:
        return ""
    return f", {counted(max(int((doubted[-1] - clicked[-1]).total_seconds()), 0), 'second')} later"
