"""Sessions on a Selenium Grid seen from outside: ended when the worker that opened them is gone."""

import re

import urllib3
from urllib3.exceptions import HTTPError

_ID = re.compile(r"[A-Za-z0-9-]{8,120}")
_SECONDS = 5.0
_GONE = 404


def end_session(remote_url: str, session_id: str) -> bool:
    """End a session, its browser included; True when it runs no more, also because it had ended before."""
    if not _ID.fullmatch(session_id):
        return True
    with urllib3.PoolManager(retries=False, timeout=_SECONDS) as http:
        try:
            answer = http.request("DELETE", f"{remote_url.rstrip('/')}/session/{session_id}")
        except HTTPError:
            return False
    return answer.status < 300 or answer.status == _GONE  # noqa: PLR2004 -- HTTP's own border of success
