"""What people were told, as files: one's own notices, and for administrators every message beyond the bell."""

from sqlmodel import Session

from adapters.spreadsheets import Kind
from models.enums import NoticeKind
from services.actor import Actor
from services.asked import Asked
from services.exporting.export import PAGE_ROWS, Export, Field, Page, paged, word
from services.notice_kinds import KINDS
from services.notice_words import words_of
from services.notices import NoticeRow, page_notices
from services.notifications.delivery_board import TROUBLE, VIEWS, DeliveryRow, list_deliveries


def _notices(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[NoticeRow]:
    found = page_notices(
        session,
        actor,
        kind=asked.choice(NoticeKind, "kind"),
        unread_only=bool(asked.get("unread")),
        before_id=before,
        limit=PAGE_ROWS + 1,
    )
    return paged(found, lambda row: row.notice_id)


def _messages(session: Session, actor: Actor, asked: Asked, before: int | None) -> Page[DeliveryRow]:
    found = list_deliveries(
        session,
        actor,
        statuses=VIEWS.get(asked.get("view"), TROUBLE),
        search=asked.text,
        before_id=before,
        limit=PAGE_ROWS + 1,
    )
    return paged(found, lambda row: row.delivery_id)


NOTICES = Export(
    "notices",
    "Notices",
    (
        Field("When (UTC)", lambda row: row.created_at, Kind.MOMENT),
        Field("Kind", lambda row: KINDS[row.kind].title, width=28),
        Field("Record", lambda row: row.subject, width=28),
        Field("Notice", lambda row: words_of(row)[0], width=60),
        Field("Read (UTC)", lambda row: row.read_at, Kind.MOMENT),
    ),
    _notices,
)
MESSAGES = Export(
    "messages",
    "Messages",
    (
        Field("Number", lambda row: row.delivery_id, Kind.COUNT),
        Field("Person", lambda row: row.person),
        Field("Channel", lambda row: word(row.channel), width=10),
        Field("Address", lambda row: row.address, width=32),
        Field("State", lambda row: word(row.status), width=14),
        Field("Notices", lambda row: row.notices, Kind.COUNT),
        Field("Due (UTC)", lambda row: row.due_at, Kind.MOMENT),
        Field("Sent (UTC)", lambda row: row.sent_at, Kind.MOMENT),
        Field("Attempts", lambda row: row.attempts, Kind.COUNT),
        Field("Failure", lambda row: row.failure, width=48),
    ),
    _messages,
)
