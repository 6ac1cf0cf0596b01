"""Which of the practice sites' readers reads which format."""

from collections.abc import Mapping

from sandbox.portals.readers.habits import USUAL_HABITS, Habits, narrowed
from sandbox.portals.readers.layouts import LEDES_98BI_V2, LEDES_1998B, Layout
from sandbox.portals.readers.pipe import read_records
from sandbox.portals.readers.reading import Reading
from sandbox.portals.readers.xml import read_xml

USUAL_FORMAT = "LEDES1998B"
_XML = "LEDES XML 2.1"
_LAYOUTS: Mapping[str, Layout] = {USUAL_FORMAT: LEDES_1998B, "LEDES98BI V2": LEDES_98BI_V2}
FORMATS = (*_LAYOUTS, _XML)


def read_file(data: bytes, file_format: str = USUAL_FORMAT, habits: Habits = USUAL_HABITS) -> Reading:
    """Read a whole file of one of FORMATS; `bill` is None when a fault makes its figures or its shape unreadable."""
    if file_format == _XML:
        return read_xml(data)
    return read_records(data, narrowed(_LAYOUTS[file_format], habits))


def extension(file_format: str) -> str:
    """Return how the name of a file of a format must end."""
    return ".xml" if "XML" in file_format else ".txt"
