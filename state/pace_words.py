"""How long something takes, in words."""

import math

_MINUTES_AN_HOUR = 60


def time_left(minutes: float | None) -> str:
    """Return 'about 3 minutes left'; '' where no pace is known yet."""
    if minutes is None:
        return ""
    whole = math.ceil(minutes)
    if whole <= 1:
        return "less than a minute left" if minutes > 0 else ""
    if whole < _MINUTES_AN_HOUR:
        return f"about {whole} minutes left"
    hours = round(minutes / _MINUTES_AN_HOUR, 1)
    return f"about {hours:g} hours left"
