"""`{placeholders}` of a profile: the known set, where each may stand, and filling them in."""

import re
from collections.abc import Mapping
from urllib.parse import quote

from core.errors import InvalidInputError

FILE_PLACEHOLDERS = frozenset(
    {
        "invoice_number", "client_code", "matter", "claim_number", "file_name", "ledes_file", "pdf_file", "sha256",
        "total",
    }
)  # fmt: skip
HOST_PLACEHOLDERS = frozenset({"site_host"})

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_UNSAFE_IN_SELECTOR = re.compile(r"""['"\\<>\[\]\x00-\x1f]""")


def names_in(text: str) -> list[str]:
    """Return the placeholder names of a text, in order."""
    return _PLACEHOLDER.findall(text)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replace every placeholder by its value.

    Raises:
        InvalidInputError: when a value is not known here.
    """
    return _PLACEHOLDER.sub(lambda found: _value(found[1], values), text)


def fill_in_path(text: str, values: Mapping[str, str]) -> str:
    """Fill in an address; values are percent-encoded."""
    return _PLACEHOLDER.sub(lambda found: quote(_value(found[1], values), safe=""), text)


def fill_in_selector(text: str, values: Mapping[str, str]) -> str:
    """Fill in a selector; a value that could change the selector's meaning is refused."""
    return _PLACEHOLDER.sub(lambda found: _harmless(found[1], values), text)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        message = f"The profile asks for {{{name}}}, which is not known at this step. Nothing was sent; correct it."
        raise InvalidInputError(message, placeholder=name)
    return values[name]


def _harmless(name: str, values: Mapping[str, str]) -> str:
    value = _value(name, values)
    if _UNSAFE_IN_SELECTOR.search(value):
        message = f"{{{name}}} holds a character that cannot stand in a selector. Nothing was sent; rename it."
        raise InvalidInputError(message, placeholder=name)
    return value
