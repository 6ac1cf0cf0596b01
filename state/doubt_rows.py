"""A file in doubt as its decider sees it: the last picture before the click, the last one after it, and the times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import AuditEvent
from services.submission_board import EvidenceRow
from state.words import counted

_CLICKED, _DOUBTED = "submission:declare_intent", "submission:doubt"
_LOOKED = ("submission:verify", "submission:look_later")


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
    """Return the last picture before the click and the last one after it."""
    pictures = [piece for piece in evidence if piece.media_type.startswith("image/")]
    before = [piece for piece in pictures if piece.kind == "before"]
    after = [piece for piece in pictures if piece.kind != "before"]
    return [_sight("Before the click", before), _sight("After it", after)]


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
        f"The portal looked {counted(looks, 'more time')} by itself" if looks else "Not looked for again yet",
    ]


def _sight(title: str, pieces: Sequence[EvidenceRow]) -> Sight:
    if not pieces:
        return Sight(title, "", "", "No picture was taken")
    last = pieces[-1]
    return Sight(title, f"/files/evidence/{last.evidence_id}", f"{last.taken_at:%H:%M:%S} UTC", last.label)


def _later(clicked: Sequence[datetime], doubted: Sequence[datetime]) -> str:
    if not clicked:
        return ""
    return f", {counted(max(int((doubted[-1] - clicked[-1]).total_seconds()), 0), 'second')} later"
