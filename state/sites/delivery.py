"""How a payor takes its invoices, as a form in a dialog on the carriers' page."""

import reflex as rx
from reflex_base.event import EventSpec

from core.db import read_only, unit_of_work
from models.enums import DeliveryChannel, Role
from services.mailing.delivery import DeliveryTerms, PayorDelivery, get_delivery, set_delivery
from state.acting import ActingState
from state.addresses import as_choice
from state.guard import actor, guarded
from state.words import whole_number

_LONGEST = 1000
_NOTHING = DeliveryTerms(DeliveryChannel.SITE, "", "", has_ledes_file=False, has_cover_letter=True)


class DeliveryForm(ActingState, rx.State):
    """The dialog; `channel` is the one that is chosen in it, so that it asks for the right address."""

    is_open: bool = False
    payor: str = ""
    channel: str = DeliveryChannel.SITE.value
    emails: str = ""
    address: str = ""
    has_ledes_file: bool = False
    has_cover_letter: bool = True
    round: int = 0

    _carrier_id: int = 0
    _shown: DeliveryTerms = _NOTHING

    @rx.event
    @guarded(Role.ADMIN)
    async def open(self, carrier_id: str) -> None:
        """Open the dialog with a payor's terms."""
        wanted = whole_number(carrier_id)
        found = await self._try(lambda: _read(wanted))
        if found is None:
            return
        terms = found.terms
        self._carrier_id, self._shown = wanted, terms
        self.payor, self.channel = found.carrier_name, terms.channel.value
        self.emails, self.address = terms.invoice_emails, terms.postal_address
        self.has_ledes_file, self.has_cover_letter = terms.has_ledes_file, terms.has_cover_letter
        self.round, self.is_open = self.round + 1, True

    @rx.event
    @guarded(Role.ADMIN)
    async def close(self, is_open: bool) -> None:  # noqa: FBT001 -- a dialog's event
        """Close the dialog; nothing was changed."""
        if not is_open:
            self.is_open, self.problem = False, ""

    @rx.event
    @guarded(Role.ADMIN)
    async def choose(self, channel: str) -> None:
        """Choose a channel."""
        self.channel = (as_choice(DeliveryChannel, channel) or DeliveryChannel.SITE).value

    @rx.event
    @guarded(Role.ADMIN)
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Keep what the form says."""
        terms = DeliveryTerms(
            DeliveryChannel(self.channel),
            form.get("emails", "")[:_LONGEST],
            form.get("address", "")[:_LONGEST],
            has_ledes_file=bool(form.get("has_ledes_file")),
            has_cover_letter=bool(form.get("has_cover_letter")),
        )
        carrier_id, shown = self._carrier_id, self._shown
        kept = await self._try(lambda: _save(carrier_id, terms, shown))
        if kept is None:
            return None
        self.is_open = False
        return rx.toast.success(f"{self.payor}: kept. It holds from the next invoice that is queued.")


def _read(carrier_id: int) -> PayorDelivery:
    with read_only() as session:
        return get_delivery(session, actor(), carrier_id=carrier_id)


def _save(carrier_id: int, terms: DeliveryTerms, expected: DeliveryTerms) -> DeliveryTerms:
    with unit_of_work() as session:
        return set_delivery(session, actor(), carrier_id=carrier_id, terms=terms, expected=expected)
