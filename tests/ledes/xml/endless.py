"""A LEDES XML file made while it is read, as long as one likes: `python -m tests.ledes.xml.endless INVOICES LINES`."""

import re
import resource
import sys
from collections.abc import Iterator
from itertools import count

from ledes.document import LedesInvoice
from ledes.formats import LedesFormat
from ledes.xml.reader import stream
from ledes.xml.writer import write
from tests.ledes.xml.builders import make_xml_fee, make_xml_invoice


class Endless:
    """A source of one firm's invoices, each with the same number of fees, all items numbered anew."""

    def __init__(self, invoices: int, lines: int) -> None:
        self._lines = _made(invoices, lines)

    def readline(self, _size: int = -1, /) -> bytes:
        """Return the next line."""
        return next(self._lines, b"")


def _made(invoices: int, lines: int) -> Iterator[bytes]:
    fees = [make_xml_fee(str(number)) for number in range(1, lines + 1)]
    content = write(make_xml_invoice(*fees), LedesFormat.XML_2_2)
    start, end = content.index(b"      <invoice>"), content.index(b"    </client>")
    items = count(1)
    yield from content[:start].replace(b"nbr>", b"nbr>9999999").splitlines(keepends=True)
    for number in range(invoices):
        bill = content[start:end].replace(b">10001<", f">{number}<".encode())
        for line in bill.splitlines(keepends=True):
            yield re.sub(rb"nbr>\d+", f"nbr>{next(items)}".encode(), line) if b"nbr" in line else line
    yield from content[end:].splitlines(keepends=True)


def main(invoices: int, lines: int) -> None:
    """Print invoices, findings and the greatest memory in KB."""
    kinds = [isinstance(item, LedesInvoice) for item in stream(Endless(invoices, lines))]
    print(sum(kinds), len(kinds) - sum(kinds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
