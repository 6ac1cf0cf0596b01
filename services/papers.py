"""Papers that people attach: which kinds are taken, how large, and under what name they are kept."""

import re
from dataclasses import dataclass

from core.errors import InvalidInputError

LARGEST = 10 * 1024 * 1024
_KINDS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
_NAME = 160
_ODD = re.compile(r"[\x00-\x1f\x7f<>:\"|?*]+")


@dataclass(frozen=True)
class Paper:
    """A paper as it is opened."""

    name: str
    media_type: str
    content: bytes


def kind_of_paper(content: bytes, what: str) -> tuple[str, str]:
    """Return the media type and the ending of a PDF, PNG or JPEG; `what` names it, as in 'receipt'.

    Raises:
        InvalidInputError: it is empty, too large, or of another kind.
    """
    if not content:
        raise InvalidInputError(f"The file is empty. Nothing was saved; choose the {what} again.")
    if len(content) > LARGEST:
        most = LARGEST // 1024 // 1024
        raise InvalidInputError(f"The file has more than {most} MB. Nothing was saved; scan it smaller.")
    for beginning, media_type, suffix in _KINDS:
        if content.startswith(beginning):
            return media_type, suffix
    raise InvalidInputError(f"A {what} is a PDF, PNG or JPEG; this file is none of them. Nothing was saved.")


def name_of_paper(name: str, suffix: str, what: str) -> str:
    """Return a file's own name, without folders and odd characters; its ending says what it is."""
    base = _ODD.sub("", re.split(r"[/\\]", name)[-1]).strip(" .")
    stem = base.rpartition(".")[0] or base or what
    return f"{stem[: _NAME - len(suffix) - 1]}.{suffix}"
