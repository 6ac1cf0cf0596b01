"""From a cookie to the person behind it: the blocking half, to be run in a thread."""

from functools import lru_cache
from http.cookies import CookieError, SimpleCookie

from core.db import read_only, unit_of_work
from core.settings import get_settings
from services.sessions import Principal, find_principal, touch_session


def cookie_name() -> str:
    """Return the session cookie's name; `__Host-` binds it to this very host wherever it is Secure."""
    return "billing_session" if get_settings().is_loopback_http else "__Host-billing_session"


def session_cookie(header: str) -> str:
    """Return the session id in a Cookie header, or ''."""
    return _cookie(header, cookie_name())


# Every event of a tab comes with the same header.
@lru_cache(maxsize=1024)
def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def recognise(header: str) -> Principal | None:
    """Return who a Cookie header stands for, and keep their session awake. Blocks on the database."""
    cookie = session_cookie(header)
    if not cookie:
        return None
    with read_only() as session:
        found = find_principal(session, cookie)
    if found is not None and found.needs_touch:
        with unit_of_work() as session:
            touch_session(session, found.session_sha256)
    return found
