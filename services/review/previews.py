"""What a bill would come to: a change is tried and taken back."""

from collections.abc import Callable
from decimal import Decimal

from sqlmodel import Session

from models import Proforma
from services import lifecycle
from services.actor import Actor


def amount_after(
    session: Session, actor: Actor, *, proforma_id: int, change: Callable[[Session, Actor], object]
) -> Decimal:
    """Return the dollars that a proforma would bill after a change; nothing is kept.

    Raises:
        BillingError: the change is refused.
    """
    tried = session.begin_nested()
    try:
        change(session, actor)
        session.flush()
        proforma: Proforma = lifecycle.get(session, Proforma, proforma_id)
        return proforma.billed_amount
    finally:
        tried.rollback()
