"""From lines to records: whole and clean ones many at a time, all others by the tolerant reader."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count, islice, repeat
from typing import Final

from ledes.characters import FIT_BYTES
from ledes.loose import LooseReader, Record

_BATCH: Final = 64
_END: Final = b"[]\r\n"

_plain_record: Final = partial(tuple.__new__, Record)  # half the price of the constructor, paid a row


def read_records(lines: Iterable[bytes]) -> Iterator[Record]:
    """Yield the records of a file given as its lines in bytes, in any of the usual line ends."""
    loose, rest = LooseReader(), iter(lines)
    while batch := list(islice(rest, _BATCH)):
        bodies = [] if loose.is_torn else _plain_bodies(batch)
        if bodies:
            yield from map(_plain_record, zip(count(loose.row + 1), bodies, repeat(True), repeat(())))
            loose.row += len(batch)
        else:
            yield from loose.read(batch)
    yield from loose.finish()


def _plain_bodies(batch: list[bytes]) -> list[str]:
    """Return the lines without their ends when every one is a whole, clean record; else nothing."""
    content = b"".join(batch)
    if content.translate(None, FIT_BYTES) != _END * len(batch):
        return []
    bodies = content.decode("ascii").split("[]\r\n")
    return [] if bodies.pop() or len(bodies) != len(batch) else bodies
