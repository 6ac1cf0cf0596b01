"""Payors that take LEDES files, which know no line without charge and none that is not itemized."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlmodel import Session, col

from core.errors import InvalidInputError
from models import Carrier, Proforma
from models.enums import DeliveryChannel
from services.billing.payors import load_shares


def check_no_ledes(session: Session, proforma: Proforma) -> None:
    """Let a proforma whose payors all take paper or plain mail.

    Raises:
        InvalidInputError: one of them takes a LEDES file; it is named.
    """
    shares = load_shares(session, [proforma.matter_id]).get(proforma.matter_id, [])
    refuse_ledes(session, [share.carrier_id for share in shares])


def refuse_ledes(session: Session, carrier_ids: Collection[int]) -> None:
    """Let payors that take paper or plain mail.

    Raises:
        InvalidInputError: one of them takes a LEDES file; it is named.
    """
    takes = or_(col(Carrier.delivery_channel) == DeliveryChannel.SITE, col(Carrier.has_ledes_file))
    name = session.scalars(select(col(Carrier.name)).where(col(Carrier.id).in_(carrier_ids), takes).limit(1)).first()
    if name is not None:
        message = (
            f"{name} takes LEDES files, which know no line without charge and none that is not itemized. "
            "Nothing was changed; write the line off, or give a discount."
        )
        raise InvalidInputError(message)
