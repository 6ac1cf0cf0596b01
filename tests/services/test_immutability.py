"""What is kept for ever: the session refuses to change or delete it, row by row and in bulk."""

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, select

from models import AuditEvent
from services import audit
from services.actor import system_actor
from services.immutability import ImmutableRecordError


@pytest.fixture
def event(session: Session) -> AuditEvent:
    audit.record(session, system_actor(), "test:made", "test", 1)
    return session.exec(select(AuditEvent)).one()


def test_audit_event_refuses_change(session, event):
    event.note = "It never happened."
    with pytest.raises(ImmutableRecordError, match="audit trail is never changed"):
        session.flush()


def test_audit_event_refuses_deletion(session, event):
    session.delete(event)
    with pytest.raises(ImmutableRecordError, match="audit trail is never changed"):
        session.flush()


@pytest.mark.parametrize("statement", [update(AuditEvent).values(note=""), delete(AuditEvent)])
def test_audit_trail_refuses_bulk_change(session, event, statement):
    with pytest.raises(ImmutableRecordError, match="audit trail is never changed"):
        session.execute(statement)
    assert session.exec(select(AuditEvent)).all() == [event]
