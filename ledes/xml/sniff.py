"""Which LEDES XML a file is, told from its first element."""

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from ledes.formats import LedesFormat

XML_2000_ROOT: Final = "ledesxml"
_ROOT: Final = re.compile(r"ledesxmlebilling[_-]?(2\.?[012])?", re.IGNORECASE)
_NAMESPACE: Final = re.compile(r"ledes[^/]*?(2\.?[012])[0-9.]*(?:\.xsd)?/?$", re.IGNORECASE)
_VERSION: Final = re.compile(r"(2\.?[012])(\.[0-9]+)*")
_FORMATS: Final = {"20": LedesFormat.XML_2_0, "21": LedesFormat.XML_2_1, "22": LedesFormat.XML_2_2}


class _Found(Exception):  # noqa: N818 -- no error, but the way out of the parser
    """The first element has been seen."""


def version_of(head: bytes) -> LedesFormat | None:
    """Return the version that the beginning of a file names, or None when it is no LEDES XML that is read here."""
    found: list[LedesFormat | None] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append(version_of_root(name, attributes))
        raise _Found

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(head, False)
    except (_Found, expat.ExpatError, LookupError, ValueError):
        return found[0] if found else None
    return None


def version_of_root(name: str, attributes: Mapping[str, str]) -> LedesFormat | None:
    """Return the version by the root's name, then its namespace, then a `version` attribute; None when none tells."""
    root = local_name(name)
    in_root = _ROOT.fullmatch(root)
    if in_root and in_root[1]:
        return _FORMATS[in_root[1].replace(".", "")]
    for attribute, value in attributes.items():
        if attribute.startswith("xmlns") and (in_name := _NAMESPACE.search(value)):
            return _FORMATS[in_name[1].replace(".", "")]
    given = _VERSION.fullmatch(attributes.get("version", ""))
    return _FORMATS[given[1].replace(".", "")] if in_root and given else None


def local_name(name: str) -> str:
    """Return an element's name without its prefix."""
    return name.rpartition(":")[2]
