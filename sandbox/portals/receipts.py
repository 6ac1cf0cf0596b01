"""Receipts, in the form each site gives them."""

from collections.abc import Callable
from datetime import UTC, datetime

_SPREAD = 2_654_435_761
"""Knuth's multiplicative constant: consecutive ids give receipts that look unrelated and never collide in 32 bits."""

_FORMS: dict[str, Callable[[int, datetime], str]] = {
    "harbor": lambda number, at: f"HMV-{at:%Y}-{number:06d}",
    "keystone": lambda number, _: f"KC{480_000 + number}",
    "clearpath": lambda number, at: f"CP-{at:%Y%m%d}-{number:05d}",
    "northfork": lambda number, at: f"NFR/{at:%Y}/{number:05d}",
    "lakeshore": lambda number, _: f"LKS-{number * _SPREAD % 2**32:08X}",
    "atlas": lambda number, _: f"ATL.{700_000 + number}",
    "granite": lambda number, at: f"GS {at:%y}-{number:05d}",
    "laurentian": lambda number, at: f"N° LM-{at:%y}-{number:06d}",
    "redwood": lambda number, at: f"RA/{number:06d}-{at:%y}",
    "ironbridge": lambda number, at: f"IBX{at:%y%j}{number:05d}",
    "palmetto": lambda number, _: f"PHI-{910_000 + number}",
    "tidewater": lambda number, at: f"TMU/{at:%m%d}/{number:04d}",
    "cascadia": lambda number, _: f"CFM {30_000 + number}",
    "blueridge": lambda number, at: f"BRC.{at:%m%d}.{number:05d}",
    "sequoia": lambda number, at: f"SQ{at:%m%d}/{number:06d}",
    "beacon": lambda number, _: f"bcn_{number * _SPREAD % 2**32:08x}",
    "meridian": lambda number, at: f"ML-{at:%y%j}-{number:05d}",
    "stonegate": lambda number, _: f"SGM{300_000 + number}",
    "unison": lambda number, at: f"UX{at:%Y%m%d}{number:06d}",
    "frontier": lambda number, _: f"FGW-{number * _SPREAD % 2**32:010d}",
    "juniper": lambda number, at: f"JR-{at:%m%d}-{number:04d}",
    "palisade": lambda number, at: f"PAL:{at:%Y}:{number:06d}",
}


def receipt_for(site: str, number: int, at_ms: int) -> str:
    """Return a site's receipt for its post `number`, unique within the site."""
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    form = _FORMS.get(site)
    return form(number, at) if form else f"{site.upper()}-{number:06d}"
