"""How a payor takes its invoices: on its site, by e-mail or on paper; changed by administrators, never in silence."""

import re
from dataclasses import asdict, dataclass, replace

from sqlalchemy import select
from sqlmodel import Session, col

from core.errors import InvalidInputError, StaleVersionError
from models import Carrier
from models.enums import DeliveryChannel, Role
from services import audit
from services.access import require
from services.actor import Actor
from services.documents.invoice_facts import postal_lines
from services.lifecycle import get

_LONGEST, _MOST_LINES, _LONGEST_LINE = 500, 6, 60
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
_WHAT = "How a payor takes its invoices"


@dataclass(frozen=True)
class DeliveryTerms:
    """How one payor takes its invoices; fields as of `Carrier`."""

    channel: DeliveryChannel
    invoice_emails: str
    postal_address: str
    has_ledes_file: bool
    has_cover_letter: bool


@dataclass(frozen=True)
class PayorDelivery:
    """One payor with its terms."""

    carrier_id: int
    carrier_name: str
    terms: DeliveryTerms


def get_delivery(session: Session, actor: Actor, *, carrier_id: int) -> PayorDelivery:
    """Return how a payor takes its invoices.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, what=_WHAT)
    carrier: Carrier = get(session, Carrier, carrier_id)
    return PayorDelivery(carrier_id, carrier.name, _terms(carrier))


def list_channels(session: Session) -> dict[int, DeliveryChannel]:
    """Return the channel of every payor by its id."""
    found = session.execute(select(col(Carrier.id), col(Carrier.delivery_channel)))
    return {carrier_id: channel for carrier_id, channel in found if carrier_id is not None}


def set_delivery(
    session: Session, actor: Actor, *, carrier_id: int, terms: DeliveryTerms, expected: DeliveryTerms
) -> DeliveryTerms:
    """Change how a payor takes its invoices, from the next one queued on; return the terms as they are kept.

    Raises:
        DeniedError: the actor is no admin.
        InvalidInputError: an address is none, or the channel lacks the one that it needs.
        StaleVersionError: somebody changed them since `expected` was shown.
        NotFoundError: there is no such carrier.
    """
    require(actor, Role.ADMIN, what=_WHAT)
    wanted = _checked(terms)
    carrier: Carrier = get(session, Carrier, carrier_id)
    session.refresh(carrier, with_for_update=True)
    before = _terms(carrier)
    if before != expected:
        message = "Somebody changed this since you opened it. Your change was not saved; look at the new state first."
        raise StaleVersionError(message, carrier_id=carrier_id)
    if wanted != before:
        carrier.delivery_channel = wanted.channel
        carrier.invoice_emails, carrier.postal_address = wanted.invoice_emails, wanted.postal_address
        carrier.has_ledes_file, carrier.has_cover_letter = wanted.has_ledes_file, wanted.has_cover_letter
        session.add(carrier)
        session.flush()
        audit.record(
            session, actor, "carrier:delivery_changed", "carrier", carrier_id, changes=_changes(before, wanted)
        )
    return wanted


def email_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a text, each once; they stand between commas, semicolons or line ends.

    Raises:
        InvalidInputError: one of them is no address.
    """
    words = text.replace(";", ",").replace("\n", ",").split(",")
    return tuple(dict.fromkeys(_address(word.strip()) for word in words if word.strip()))


def _checked(terms: DeliveryTerms) -> DeliveryTerms:
    emails, lines = ", ".join(email_addresses(terms.invoice_emails)), postal_lines(terms.postal_address)
    if len(emails) > _LONGEST:
        raise InvalidInputError(f"The e-mail addresses have more than {_LONGEST} characters. Nothing was saved.")
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST_LINE for line in lines):
        limits = f"{_MOST_LINES} lines of {_LONGEST_LINE} characters"
        raise InvalidInputError(f"A postal address has at most {limits}. Nothing was saved; shorten it.")
    if terms.channel is DeliveryChannel.EMAIL and not emails:
        raise InvalidInputError("Invoices by e-mail need an address. Nothing was saved; enter one.")
    if terms.channel is DeliveryChannel.PAPER and not lines:
        raise InvalidInputError("Invoices on paper need a postal address. Nothing was saved; enter it.")
    return replace(terms, invoice_emails=emails, postal_address="\n".join(lines))


def _address(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        message = f"“{text[:80]}” is no e-mail address. Nothing was saved; write name@company.example."
        raise InvalidInputError(message)
    return text


def _terms(carrier: Carrier) -> DeliveryTerms:
    return DeliveryTerms(
        carrier.delivery_channel,
        carrier.invoice_emails,
        carrier.postal_address,
        carrier.has_ledes_file,
        carrier.has_cover_letter,
    )


def _changes(before: DeliveryTerms, after: DeliveryTerms) -> dict[str, list[object]]:
    old, new = asdict(before), asdict(after)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}
