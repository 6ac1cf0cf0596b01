"""The names people give the formats."""

import argparse
from typing import Final

from ledes.formats import LedesFormat

_NAMES: Final = {
    "1998B": LedesFormat.LEDES_1998B,
    "98B": LedesFormat.LEDES_1998B,
    "1998BI": LedesFormat.LEDES_98BI_V2,
    "1998BIV2": LedesFormat.LEDES_98BI_V2,
    "98BI": LedesFormat.LEDES_98BI_V2,
    "98BIV2": LedesFormat.LEDES_98BI_V2,
    "XML20": LedesFormat.XML_2_0,
    "XML21": LedesFormat.XML_2_1,
    "XML22": LedesFormat.XML_2_2,
}
CHOICES: Final = "1998B, 98BI, XML2.0, XML2.1 or XML2.2"


def format_named(text: str) -> LedesFormat:
    """Return the format of a name in any capitals, with or without LEDES, spaces and points.

    Raises:
        argparse.ArgumentTypeError: naming the choices.
    """
    plain = "".join(one for one in text.upper() if one.isalnum()).removeprefix("LEDES")
    if plain not in _NAMES:
        message = f"{text!r} is no format that can be written; give {CHOICES}."
        raise argparse.ArgumentTypeError(message)
    return _NAMES[plain]
