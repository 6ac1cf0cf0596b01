"""What must hold of the reader and the writer of LEDES XML whatever bytes they are given."""

import re
from io import BytesIO

from ledes.document import LedesInvoice
from ledes.findings import Finding
from ledes.formats import LedesFormat
from ledes.refusal import LedesRefusedError
from ledes.xml.carried import as_carried
from ledes.xml.elements import VERSIONS
from ledes.xml.reader import stream
from ledes.xml.sniff import version_of
from ledes.xml.writer import write
from tests.fuzz.damage import TOKENS, damaged
from tests.ledes.xml.builders import make_xml_invoice

SEEDS = tuple(write(make_xml_invoice(), dialect) for dialect in VERSIONS)
_TEXT = re.compile(rb"(?<=>)[^<>]*(?=</)")
_FILLED = 64


def check_promises_for(data: bytes) -> None:
    """Read the bytes as they are, or as a recipe of damage to a valid file, and hold the library to its promises."""
    if not data or data[0] >= len(SEEDS) + _FILLED:
        check_promises(data[1:])
    elif data[0] < len(SEEDS):
        check_promises(damaged(SEEDS[data[0]], data[1:]))
    else:
        check_promises(_filled(SEEDS[data[0] % len(SEEDS)], data[1:]))


def check_promises(content: bytes) -> None:
    """Assert that nothing is raised, every finding has its place, and what is read is written anew or refused."""
    rows = content.count(b"\n") + content.count(b"\r") + 1
    items = list(stream(BytesIO(content)))
    version = version_of(content)
    assert items
    for item in items:
        if isinstance(item, Finding):
            assert 0 <= item.row <= rows
            assert item.column >= 0
            assert -1 <= item.offset <= len(content)
            assert item.message
            assert item.fix
            assert len(item.value) <= 80
        else:
            _hold_round_trip(item, version or LedesFormat.XML_2_2)


def _hold_round_trip(invoice: LedesInvoice, dialect: LedesFormat) -> None:
    try:
        content = write(invoice, dialect)
    except LedesRefusedError as refused:
        assert refused.findings  # noqa: PT017 -- both ways out are promises
        return
    (again,) = (one for one in stream(BytesIO(content)) if isinstance(one, LedesInvoice))
    assert again == as_carried(invoice)
    assert write(again, dialect) == content


def _filled(content: bytes, recipe: bytes) -> bytes:
    """Replace a whole text for each two bytes of the recipe."""
    for which, choice in zip(recipe[::2], recipe[1::2], strict=False):
        texts = list(_TEXT.finditer(content))
        if texts:
            text = texts[which % len(texts)]
            content = content[: text.start()] + TOKENS[choice % len(TOKENS)] + content[text.end() :]
    return content
