"""Carriers as their health is judged: what stands still, why and by whom, and how much of our bills they accept."""

from dataclasses import dataclass

from sqlmodel import Session

from services.actor import Actor
from services.sites.acceptance import AcceptanceRate, acceptance_rates
from services.sites.carriers import CarrierRow, list_carriers
from services.sites.stoppages import Stoppage, find_stoppages


@dataclass(frozen=True)
class CarrierHealth:
    """One carrier; `rate` is None where it answered nothing lately, a stoppage where nothing stands still."""

    row: CarrierRow
    rate: AcceptanceRate | None
    stopped: Stoppage | None
    account_stopped: Stoppage | None


def list_health(session: Session, actor: Actor) -> list[CarrierHealth]:
    """Return every carrier by name, in four queries however many there are.

    Raises:
        DeniedError: the actor is neither biller nor admin.
    """
    rows = list_carriers(session, actor)
    rates = acceptance_rates(session, actor)
    stopped = find_stoppages(session, subject_type="carrier", paused_at={row.carrier_id: row.paused_at for row in rows})
    accounts = find_stoppages(
        session, subject_type="site_account", paused_at={row.site_account_id: row.account_paused_at for row in rows}
    )
    return [
        CarrierHealth(row, rates.get(row.carrier_id), stopped.get(row.carrier_id), accounts.get(row.site_account_id))
        for row in rows
    ]
