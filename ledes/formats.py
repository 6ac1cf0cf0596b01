"""The LEDES formats that are read and written."""

from enum import StrEnum


class LedesFormat(StrEnum):
    """A format by the name its own files give it, as far as they give one."""

    LEDES_1998B = "LEDES1998B"
    LEDES_98BI_V2 = "LEDES98BI V2"
    XML_2_0 = "LEDES XML 2.0"
    XML_2_1 = "LEDES XML 2.1"
    XML_2_2 = "LEDES XML 2.2"

    @property
    def is_xml(self) -> bool:
        """Tell whether files are XML rather than records between pipes."""
        return self.value.startswith("LEDES XML")

    @property
    def extension(self) -> str:
        """Return the customary extension of a file name: '.txt' or '.xml'."""
        return ".xml" if self.is_xml else ".txt"
