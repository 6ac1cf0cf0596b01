"""Who the identity provider's person is here: linked by subject, or by verified e-mail the first time."""

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.errors import DeniedError
from models.person import User
from services import audit
from services.actor import actor_of

_UNLINKED = "unlinked:"


class UnknownPersonError(DeniedError):
    """The identity provider vouches for somebody who has no account here."""

    code = "unknown_person"


@dataclass(frozen=True)
class Claims:
    """What the verified id token says about a person."""

    subject: str
    email: str
    is_email_verified: bool


def unlinked_subject(email: str) -> str:
    """Return the subject of a person who was invited by e-mail and has not signed in yet."""
    return f"{_UNLINKED}{email.lower()}"


def identify(session: Session, claims: Claims) -> User:
    """Return the account of a person, linking it at the first sign-in; never creates one.

    Raises:
        UnknownPersonError: nobody here has this subject, nor an unlinked account with this verified e-mail.
    """
    known = session.exec(select(User).where(User.subject == claims.subject)).first()
    if known is not None and not known.subject.startswith(_UNLINKED):
        return known
    return _link(session, claims)


def _link(session: Session, claims: Claims) -> User:
    invited = select(User).where(func.lower(col(User.email)) == claims.email.lower())
    user = session.exec(invited).first() if claims.email and claims.is_email_verified else None
    if user is None or user.id is None or not user.subject.startswith(_UNLINKED):
        message = "You have no account in the billing portal, so you were not signed in. Ask an administrator for one."
        raise UnknownPersonError(message)
    user.subject = claims.subject
    audit.record(session, actor_of(user), "user:linked", "user", user.id)
    return user
