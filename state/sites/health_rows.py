"""A carrier's health as text: its acceptance with the lists it counts, its last log-in, why it stands still."""

from dataclasses import dataclass

from services.sites.acceptance import ANSWER_DAYS, AcceptanceRate
from services.sites.carrier_health import CarrierHealth
from services.sites.stoppages import Stoppage
from state.addresses import query
from state.words import moment

BY_ITSELF = "the portal, by itself"


@dataclass(frozen=True)
class AcceptanceItem:
    """What a carrier accepted of what it answered lately: '92%', '46' of '50 answered'; '' = no answer."""

    percent: str
    accepted: str
    accepted_href: str
    answered: str
    answered_href: str
    is_low: bool


NO_ANSWER = AcceptanceItem("", "", "", "", "", is_low=False)
_LOW_PERCENT = 80


def acceptance_item(rate: AcceptanceRate | None, carrier_id: int | None) -> AcceptanceItem:
    """Return the rate of a carrier, or of all with None, each number with the address of the invoices it counts."""
    if rate is None:
        return NO_ANSWER
    asked = {"view": "all", "carrier": str(carrier_id or ""), "answered": str(ANSWER_DAYS)}
    return AcceptanceItem(
        percent=f"{rate.percent}%",
        accepted=f"{rate.accepted:,}",
        accepted_href=f"/invoices{query({**asked, 'decision': 'approved'})}",
        answered=f"{rate.answered:,} answered",
        answered_href=f"/invoices{query(asked)}",
        is_low=rate.percent < _LOW_PERCENT,
    )


def all_acceptance(found: list[CarrierHealth]) -> AcceptanceItem:
    """Return what all carriers together accepted."""
    rates = [one.rate for one in found if one.rate is not None]
    if not rates:
        return NO_ANSWER
    whole = AcceptanceRate(sum(one.answered for one in rates), sum(one.accepted for one in rates))
    return acceptance_item(whole, None)


def stopped_words(health: CarrierHealth) -> tuple[str, str]:
    """Return why files stand still and who stopped them since when; ('', '') while they go."""
    row = health.row
    if row.paused_at is not None:
        return row.paused_reason, _by(health.stopped)
    if row.account_paused_at is not None:
        return f"Account {row.account_label}: {row.account_reason}", _by(health.account_stopped)
    if row.account_waits_until_ms is not None:
        return f"Tries again by itself. {row.account_reason}", ""
    return "", ""


def last_login(health: CarrierHealth) -> str:
    """Return when the carrier's account was last let in: '28 Nov 2026, 21:54'; 'never' before the first time."""
    return moment(health.row.last_login_at) if health.row.last_login_at else "never"


def _by(stoppage: Stoppage | None) -> str:
    return f"Paused by {stoppage.who or BY_ITSELF}, {moment(stoppage.at)}" if stoppage else ""
