"""What people say about a bill among themselves, and who looks at it right now; never on the bill itself."""

from datetime import datetime

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field

from models.base import Table


class Comment(Table, table=True):
    """One remark about a proforma, one of its lines, or an invoice made from it; as privileged as they are.

    `line_number` stays where the line itself is gone. A removed comment keeps its place without its text.
    """

    __table_args__ = (Index("ix_comment_thread", "proforma_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    proforma_id: int = Field(foreign_key="proforma.id")
    proforma_line_id: int | None = Field(default=None, foreign_key="proforma_line.id", index=True)
    line_number: int | None = None
    invoice_id: int | None = Field(default=None, foreign_key="invoice.id")
    author_id: int = Field(foreign_key="app_user.id")
    body: str = Field(sa_type=Text)
    version: int = 1
    created_at: datetime
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by_id: int | None = Field(default=None, foreign_key="app_user.id")


class CommentMention(Table, table=True):
    """A person who was named in a comment and told of it."""

    __table_args__ = (UniqueConstraint("comment_id", "user_id"),)

    id: int | None = Field(default=None, primary_key=True)
    comment_id: int = Field(foreign_key="comment.id")
    user_id: int = Field(foreign_key="app_user.id", index=True)


class Presence(Table, table=True):
    """A tab that shows a record: `tab` is the SHA-256 of its token, `line_number` the line that is open in it."""

    __table_args__ = (Index("ix_presence_subject", "subject_type", "subject_id", "seen_at"),)

    tab: str = Field(max_length=64, primary_key=True)
    user_id: int = Field(foreign_key="app_user.id")
    subject_type: str = Field(max_length=40)
    subject_id: int
    line_number: int | None = None
    is_editing: bool = False
    seen_at: datetime = Field(index=True)
