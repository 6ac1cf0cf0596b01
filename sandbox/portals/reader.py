"""Which of the practice sites' readers reads which format."""

from collections.abc import Callable, Mapping
from functools import partial

from sandbox.portals.readers.layouts import LEDES_98BI_V2, LEDES_1998B
from sandbox.portals.readers.pipe import read_records
from sandbox.portals.readers.reading import Reading
from sandbox.portals.readers.xml import read_xml

USUAL_FORMAT = "LEDES1998B"
_READERS: Mapping[str, Callable[[bytes], Reading]] = {
    USUAL_FORMAT: partial(read_records, layout=LEDES_1998B),
    "LEDES98BI V2": partial(read_records, layout=LEDES_98BI_V2),
    "LEDES XML 2.1": read_xml,
}
FORMATS = tuple(_READERS)


def read_file(data: bytes, file_format: str = USUAL_FORMAT) -> Reading:
    """Read a whole file of one of FORMATS; `bill` is None when a fault makes its figures or its shape unreadable."""
    return _READERS[file_format](data)


def extension(file_format: str) -> str:
    """Return how the name of a file of a format must end."""
    return ".xml" if "XML" in file_format else ".txt"
