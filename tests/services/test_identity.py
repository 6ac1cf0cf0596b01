"""Who the identity provider's person is here."""

import pytest
from sqlmodel import Session, select

from core.clock import now
from models.person import User
from services.identity import Claims, UnknownPersonError, identify, unlinked_subject


def add(session: Session, subject: str, email: str = "ana@hwr.example") -> User:
    user = User(subject=subject, email=email, name="Ana", roles=["attorney"], created_at=now())
    session.add(user)
    session.flush()
    return user


def test_find_linked_person_by_subject_alone(session: Session):
    user = add(session, "idp-1")
    assert identify(session, Claims("idp-1", "new@name.example", is_email_verified=False)) is user


def test_link_invited_person_by_verified_email(session: Session):
    user = add(session, unlinked_subject("ana@hwr.example"))
    assert identify(session, Claims("idp-9", "Ana@HWR.example", is_email_verified=True)) is user
    assert user.subject == "idp-9"


@pytest.mark.parametrize(
    ("subject", "claims"),
    [
        (unlinked_subject("ana@hwr.example"), Claims("idp-9", "ana@hwr.example", is_email_verified=False)),
        (unlinked_subject("ana@hwr.example"), Claims("idp-9", "", is_email_verified=True)),
        ("idp-1", Claims("idp-9", "ana@hwr.example", is_email_verified=True)),
        (unlinked_subject("ana@hwr.example"), Claims("idp-9", "mallory@evil.example", is_email_verified=True)),
        (
            unlinked_subject("ana@hwr.example"),
            Claims(unlinked_subject("ana@hwr.example"), "x@evil.example", is_email_verified=True),
        ),
    ],
    ids=["unverified", "no-email", "linked-to-another", "stranger", "forged-marker"],
)
def test_refuse_unknown_person_and_create_nobody(session: Session, subject: str, claims: Claims):
    user = add(session, subject)
    with pytest.raises(UnknownPersonError, match="no account"):
        identify(session, claims)
    assert session.exec(select(User)).all() == [user]
    assert user.subject == subject
