"""Rows of the health pane, as text; places are in percent of the picture."""

from dataclasses import dataclass

from models.enums import WalkEnd
from services.sites.page_drifts import ChangeRow, DriftRow, PageRow, WalkRow
from state.words import moment

_ENDS = {
    WalkEnd.WALKED: "Every page was seen",
    WalkEnd.CHANGED: "A page is not as described",
    WalkEnd.CLOSED: "Closed for maintenance",
    WalkEnd.AWAY: "The site could not be reached",
    WalkEnd.STOPPED: "The account stopped",
    WalkEnd.NOT_MADE: "Not made",
}


@dataclass(frozen=True)
class WalkBox:
    """Where a change is in a picture; `number` is the change's."""

    number: str
    left: str
    top: str
    width: str
    height: str
    tone: str


@dataclass(frozen=True)
class WalkChange:
    """One change in words."""

    number: str
    words: str
    is_breaking: bool


@dataclass(frozen=True)
class WalkedPage:
    """One page as it was seen last; `state` is 'same', 'note' or 'breaks'."""

    title: str
    seen_at: str
    state: str


@dataclass(frozen=True)
class DriftItem:
    """A page that differs from its base, with both pictures; '' where there is none."""

    id: str
    title: str
    is_breaking: bool
    since: str
    before_picture: str
    now_picture: str
    before_boxes: list[WalkBox]
    now_boxes: list[WalkBox]
    changes: list[WalkChange]


def walk_end(walk: WalkRow) -> str:
    """Return how a walk stands."""
    if walk.ended_as is WalkEnd.WALKED and "would_send" in walk.lists.values():
        return "Seen as far as no form is sent"
    if walk.ended_as is not None:
        return _ENDS[walk.ended_as]
    return "Under way" if walk.started_at else "Waiting for its turn"


def page_item(row: PageRow, titles: dict[str, str]) -> WalkedPage:
    """Return the row of a page."""
    state = "same" if row.drift_id is None else "breaks" if row.is_breaking else "note"
    return WalkedPage(page_title(row.list_name, row.page, titles), moment(row.seen_at), state)


def drift_item(row: DriftRow, titles: dict[str, str]) -> DriftItem:
    """Return a drift with its changes numbered, in the list and in the pictures."""
    numbered = [(str(number), change) for number, change in enumerate(row.changes, 1)]
    return DriftItem(
        id=str(row.drift_id),
        title=page_title(row.list_name, row.page, titles),
        is_breaking=row.is_breaking,
        since=f"Since {moment(row.seen_at)}, seen last {moment(row.last_seen_at)}",
        before_picture=_picture(row.base_view_id),
        now_picture=_picture(row.view_id),
        before_boxes=[_box(number, change, change.before) for number, change in numbered if change.before],
        now_boxes=[_box(number, change, change.now) for number, change in numbered if change.now],
        changes=[WalkChange(number, change.words, change.is_breaking) for number, change in numbered],
    )


def page_title(list_name: str, page: str, titles: dict[str, str]) -> str:
    """Return how a page is called: 'Upload: page “upload”'."""
    title = titles.get(list_name, list_name)
    return f"{title}: page “{page}”" if page else f"{title}: last page"


def _picture(view_id: int | None) -> str:
    return f"/files/page-view/{view_id}" if view_id is not None else ""


def _box(number: str, change: ChangeRow, place: tuple[int, int, int, int]) -> WalkBox:
    left, top, width, height = (f"{length / 10:.1f}%" for length in place)
    return WalkBox(number, left, top, width, height, "breaks" if change.is_breaking else "note")
