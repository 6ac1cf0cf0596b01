"""Comments about a bill: on the whole, on a line, on an invoice made from it; people named in one are told of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from core.clock import now
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError
from models import Comment, CommentMention, Invoice, Proforma, ProformaLine, User
from models.enums import NoticeKind
from services import audit, lifecycle
from services.access import person_id
from services.actor import Actor
from services.notices import tell
from services.review.proforma_queries import seen_proforma, visible_proforma
from services.review.proforma_readers import readers_of
from services.row_ids import row_id

LONGEST = 2000
# An @ inside a word is an address, not a name.
_AT = re.compile(r"(?<!\w)@(?=\w)")


@dataclass(frozen=True)
class About:
    """What a comment is about: a proforma, one of its lines, or an invoice made from it."""

    proforma_id: int
    line_id: int | None = None
    invoice_id: int | None = None


@dataclass(frozen=True)
class CommentRow:
    """One comment as its reader sees it; `body` is '' once it was removed. `line_number` is None for the whole bill."""

    id: int
    version: int
    author: str
    body: str
    line_id: int | None
    line_number: int | None
    invoice_number: str
    created_at: datetime
    is_edited: bool
    is_removed: bool
    resolved_by: str
    is_own: bool


@dataclass(frozen=True)
class Person:
    """Somebody who may be named in a comment."""

    id: int
    name: str


def add_comment(session: Session, actor: Actor, *, about: About, body: str) -> Comment:
    """Say something about a bill that one may see; who is named as '@Full Name' is told, once, with a link.

    Raises:
        InvalidInputError: it is empty or too long, or names somebody who may not see the bill.
        NotFoundError: there is no such bill, line or invoice among the actor's.
    """
    visible_proforma(session, actor, about.proforma_id)
    text, named = _checked(session, about.proforma_id, body)
    comment = Comment(
        proforma_id=about.proforma_id,
        proforma_line_id=about.line_id,
        line_number=_line_number(session, about),
        invoice_id=_invoice(session, about),
        author_id=person_id(actor),
        body=text,
        created_at=now(),
    )
    session.add(comment)
    session.flush()
    _tell(session, comment, named)
    _record(session, actor, "proforma:commented", comment)
    return comment


def edit_comment(session: Session, actor: Actor, *, comment_id: int, expected_version: int, body: str) -> Comment:
    """Put one's own comment right; who is named now and was not before is told.

    Raises:
        DeniedError: it is somebody else's.
        InvalidInputError, NotFoundError, StaleVersionError: nothing was changed.
    """
    comment = _own(session, actor, comment_id, expected_version)
    text, named = _checked(session, comment.proforma_id, body)
    comment.body, comment.edited_at, comment.version = text, now(), comment.version + 1
    session.flush()
    _tell(session, comment, named)
    _record(session, actor, "proforma:comment_edited", comment)
    return comment


def remove_comment(session: Session, actor: Actor, *, comment_id: int, expected_version: int) -> Comment:
    """Take one's own comment away; that there was one stays.

    Raises:
        DeniedError: it is somebody else's.
        NotFoundError, StaleVersionError: nothing was changed.
    """
    comment = _own(session, actor, comment_id, expected_version)
    comment.body, comment.removed_at, comment.version = "", now(), comment.version + 1
    session.flush()
    _record(session, actor, "proforma:comment_removed", comment)
    return comment


def resolve_comment(session: Session, actor: Actor, *, comment_id: int, is_resolved: bool) -> Comment:
    """Mark a comment as dealt with, or open it again; for everybody who may see the bill."""
    comment: Comment = lifecycle.get(session, Comment, comment_id)
    visible_proforma(session, actor, comment.proforma_id)
    comment.resolved_at = now() if is_resolved else None
    comment.resolved_by_id = person_id(actor) if is_resolved else None
    comment.version += 1
    session.flush()
    _record(session, actor, "proforma:comment_resolved" if is_resolved else "proforma:comment_reopened", comment)
    return comment


def list_comments(session: Session, actor: Actor, *, proforma_id: int) -> list[CommentRow]:
    """Return what was said about a proforma, its lines and its invoices, the oldest first."""
    seen_proforma(session, actor, proforma_id)
    statement = (
        select(Comment, col(User.name), col(Invoice.number))
        .join(User, col(User.id) == col(Comment.author_id))
        .outerjoin(Invoice, col(Invoice.id) == col(Comment.invoice_id))
        .where(col(Comment.proforma_id) == proforma_id)
        .order_by(col(Comment.id))
    )
    found = session.execute(statement).all()
    names = _names(session, (comment.resolved_by_id for comment, *_ in found))
    return [_row(comment, author, number or "", names, actor) for comment, author, number in found]


def people_to_name(session: Session, actor: Actor, *, proforma_id: int) -> list[Person]:
    """Return who may be named in a comment on a proforma: everybody who may see it, but oneself."""
    seen_proforma(session, actor, proforma_id)
    return [person for person in _readers(session, proforma_id) if person.id != actor.user_id]


def _checked(session: Session, proforma_id: int, body: str) -> tuple[str, list[int]]:
    text = body.strip()
    if not text:
        raise InvalidInputError("Write something first. Nothing was saved.")
    if len(text) > LONGEST:
        raise InvalidInputError(f"A comment has up to {LONGEST:,} characters; this one has {len(text):,}.")
    if not _AT.search(text):
        return text, []
    return text, _named(text, _readers(session, proforma_id), _everybody(session))


def _named(text: str, readers: Sequence[Person], everybody: Mapping[str, int]) -> list[int]:
    """Return who is named; the longest name that fits counts, so that 'Ann Lee' is not taken for 'Ann'."""
    by_name = {person.name.casefold(): person.id for person in readers}
    longest_first = sorted(by_name, key=len, reverse=True)
    named: list[int] = []
    for found in _AT.finditer(text):
        rest = text[found.end() :].casefold()
        name = next((name for name in longest_first if rest.startswith(name)), None)
        if name is not None:
            named.append(by_name[name])
        elif stranger := next((name for name in everybody if rest.startswith(name.casefold())), None):
            message = f"{stranger} may not see this bill, so nobody was told. Nothing was saved; leave the @ away."
            raise InvalidInputError(message, user_id=everybody[stranger])
    return list(dict.fromkeys(named))


def _readers(session: Session, proforma_id: int) -> list[Person]:
    """Return every active person who may see a proforma."""
    proforma: Proforma = lifecycle.get(session, Proforma, proforma_id)
    return [Person(user_id, name) for user_id, name in readers_of(session, proforma)]


def _everybody(session: Session) -> dict[str, int]:
    rows = session.execute(select(col(User.name), col(User.id)).where(col(User.is_active)))
    return {name: user_id for name, user_id in rows if user_id is not None}


def _tell(session: Session, comment: Comment, named: Iterable[int]) -> None:
    told = set(session.scalars(select(col(CommentMention.user_id)).where(col(CommentMention.comment_id) == comment.id)))
    fresh = [user_id for user_id in named if user_id not in told and user_id != comment.author_id]
    session.add_all(CommentMention(comment_id=row_id(comment), user_id=user_id) for user_id in fresh)
    session.flush()
    subject, key = ("invoice", comment.invoice_id) if comment.invoice_id else ("proforma", comment.proforma_id)
    tell(session, fresh, NoticeKind.MENTIONED, subject, key or 0, occasion=f"comment-{comment.id}")


def _line_number(session: Session, about: About) -> int | None:
    if about.line_id is None:
        return None
    line: ProformaLine = lifecycle.get(session, ProformaLine, about.line_id)
    if line.proforma_id != about.proforma_id:
        raise NotFoundError("The line is gone from this proforma. Nothing was saved; reload the page.")
    return line.line_number


def _invoice(session: Session, about: About) -> int | None:
    if about.invoice_id is None:
        return None
    invoice: Invoice = lifecycle.get(session, Invoice, about.invoice_id)
    if invoice.proforma_id != about.proforma_id:
        raise NotFoundError("There is no such invoice of this proforma. Nothing was saved; reload the page.")
    return row_id(invoice)


def _own(session: Session, actor: Actor, comment_id: int, expected_version: int) -> Comment:
    comment: Comment = lifecycle.get(session, Comment, comment_id)
    visible_proforma(session, actor, comment.proforma_id)
    session.refresh(comment, with_for_update=True)
    if comment.author_id != actor.user_id:
        raise DeniedError("Only who wrote a comment may change it. Nothing was changed.", comment_id=comment_id)
    if comment.removed_at is not None or comment.version != expected_version:
        raise StaleVersionError("The comment was changed meanwhile. Nothing was saved; look at it again.")
    return comment


def _names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(col(User.id), col(User.name)).where(col(User.id).in_(wanted)))
    return {user_id: name for user_id, name in rows if user_id is not None}


def _row(comment: Comment, author: str, number: str, names: Mapping[int, str], actor: Actor) -> CommentRow:
    return CommentRow(
        id=row_id(comment),
        version=comment.version,
        author=author,
        body=comment.body,
        line_id=comment.proforma_line_id,
        line_number=comment.line_number,
        invoice_number=number,
        created_at=comment.created_at,
        is_edited=comment.edited_at is not None,
        is_removed=comment.removed_at is not None,
        resolved_by=names.get(comment.resolved_by_id or 0, ""),
        is_own=comment.author_id == actor.user_id,
    )


def _record(session: Session, actor: Actor, tag: str, comment: Comment) -> None:
    """Tell the history that something was said, and about which line; what was said stays with the bill."""
    audit.record(
        session,
        actor,
        tag,
        "proforma",
        comment.proforma_id,
        comment_id=comment.id,
        line_number=comment.line_number,
    )


def proforma_of_invoice(session: Session, invoice_id: int) -> Proforma:
    """Return the proforma that an invoice was made from; the caller checks who may see it.

    Raises:
        NotFoundError: there is no such invoice.
    """
    invoice: Invoice = lifecycle.get(session, Invoice, invoice_id)
    proforma: Proforma = lifecycle.get(session, Proforma, invoice.proforma_id)
    return proforma
