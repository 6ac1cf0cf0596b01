"""The one door to the typesetter: a Typst document and its data become a PDF, the same bytes for the same input."""

import json
from collections.abc import Mapping
from typing import Any

import typst

from core.errors import BillingError


class TypesettingError(BillingError):
    """A document could not be set."""

    code = "typesetting"
    status_code = 500


def typeset(source: str, data: Mapping[str, Any]) -> bytes:
    """Return a PDF of a Typst source, which reads `data` as `json(bytes(sys.inputs.data))`.

    Texts of the data are set as they are: nothing in them is taken for markup. Only the fonts that come with the
    typesetter are used, so that every machine makes the same bytes.

    Raises:
        TypesettingError: the source has a fault, or the data is not what it expects.
    """
    inputs = {"data": json.dumps(data)}
    try:
        pdf: bytes = typst.compile(source.encode(), format="pdf", ignore_system_fonts=True, sys_inputs=inputs)
    except typst.TypstError as fault:
        message = "The PDF of the invoice could not be made. The invoice was kept; tell an administrator."
        raise TypesettingError(message, reason=str(fault)) from fault
    return pdf
