"""How long something takes, in words."""

import math

_MINUTES_AN_HOUR = 60


def time_left(seconds: float | None) -> str:
    """Return 'about 3 minutes left'; '' where no pace is known yet."""
    if seconds is None:
        return ""
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return "less than a minute left" if seconds > 0 else ""
    if minutes < _MINUTES_AN_HOUR:
        return f"about {minutes} minutes left"
    hours = round(minutes / _MINUTES_AN_HOUR, 1)
    return f"about {hours:g} hours left"
