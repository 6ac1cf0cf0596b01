"""The kind of a file by its first bytes."""

import codecs
from typing import Final

from ledes.source import BYTE_ORDER_MARK

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WIDE_TAGS: Final = (b"<\x00", b"\x00<")


def looks_like_xml(head: bytes) -> bool:
    """Tell whether a file begins as XML does, in any encoding that XML is written in."""
    if head.startswith(_UTF_16):
        return head[2:].lstrip(b" \t\r\n\x00").startswith(b"<")
    return head.startswith(_WIDE_TAGS) or head.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"<")
