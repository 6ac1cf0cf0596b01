"""Where a person may be sent after signing in: a path of the portal, nothing else."""

from urllib.parse import urlsplit

_HOME = "/"
_LONGEST = 500


def local_path(wanted: str) -> str:
    """Return `wanted` when it is a plain path of ours, else the first page.

    Refuses what a browser could read as another site: '//host', backslashes, control characters, schemes.
    """
    is_plain = wanted.startswith("/") and not wanted.startswith(("//", "/auth/", "/sign-in")) and "\\" not in wanted
    if not is_plain or len(wanted) > _LONGEST or not wanted.isprintable():
        return _HOME
    parts = urlsplit(wanted)
    return _HOME if parts.scheme or parts.netloc else wanted
