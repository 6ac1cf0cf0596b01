"""The typesetter makes the same bytes everywhere, and takes no text for markup."""

import subprocess
import sys

import pytest

from adapters.typesetting import TypesettingError, typeset
from core.ids import sha256_hex

SOURCE = "#set document(date: none)\n#let data = json(bytes(sys.inputs.data))\n= #data.title\n"
ELSEWHERE = (
    "import sys; from adapters.typesetting import typeset; "
    "sys.stdout.buffer.write(typeset(sys.argv[1], {'title': 'Invoice'}))"
)


def test_set_a_pdf_of_the_same_bytes_in_another_process():
    made = typeset(SOURCE, {"title": "Invoice"})
    other = subprocess.run([sys.executable, "-c", ELSEWHERE, SOURCE], capture_output=True, check=True).stdout
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert sha256_hex(made) == sha256_hex(other)


@pytest.mark.parametrize(
    "text", ['#panic("x")', "#let", "$x", "[", "= *_`<>@\\", "\u201cr\u00e9sum\u00e9\u201d \u00a7 4", ""]
)
def test_take_no_text_for_markup(text):
    assert typeset(SOURCE, {"title": text}).startswith(b"%PDF-")


@pytest.mark.parametrize(("source", "data"), [("#unknown", {}), (SOURCE, {})])
def test_say_that_nothing_was_lost_when_a_document_cannot_be_set(source, data):
    with pytest.raises(TypesettingError, match="The invoice was kept"):
        typeset(source, data)
