"""Why a carrier's files wait although nobody paused it, in words: its site's hours or its pace."""

from datetime import UTC, datetime

from services.sites.site_traffic import Held
from state.words import opening


def held_words(held: Held, carrier_id: int) -> str:
    """Return what holds a carrier back by itself: 'Opens at 08:00 (New York)', 'Next file at 14:05, …'; else ''."""
    if carrier_id in held.closed:
        return opening(held.closed[carrier_id])
    if carrier_id not in held.paced:
        return ""
    until = datetime.fromtimestamp(held.paced[carrier_id] / 1000, UTC)
    return f"Next file at {until:%H:%M:%S}, at the site's pace"
