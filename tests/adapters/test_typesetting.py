"""The typesetter makes the same bytes everywhere, and takes no text for markup."""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.typesetting import TypesettingError, typeset, typeset_many, typeset_pictures
from core.ids import sha256_hex

SOURCE = '#set document(title: "x", date: none)\n#let data = json(bytes(sys.inputs.data))\n= #data.title\n'
ELSEWHERE = (
    "import pathlib, sys; from adapters.typesetting import typeset; "
    "sys.stdout.buffer.write(typeset(pathlib.Path(sys.argv[1]), {'title': 'Invoice'}))"
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "main.typ"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_set_a_pdf_of_the_same_bytes_in_another_process(document: Path) -> None:
    made = typeset(document, {"title": "Invoice"})
    command = [sys.executable, "-c", ELSEWHERE, str(document)]
    other = subprocess.run(command, capture_output=True, check=True).stdout
    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert sha256_hex(made) == sha256_hex(other)


def test_set_a_pdf_that_says_how_it_is_read_aloud(document: Path) -> None:
    made = typeset(document, {"title": "Invoice"})
    assert b"/StructTreeRoot" in made
    assert b"/Lang" in made
    assert b"pdfuaid" in made


@pytest.mark.parametrize(
    "text", ['#panic("x")', "#let", "$x", "[", "= *_`<>@\\", "\u201cr\u00e9sum\u00e9\u201d \u00a7 4", ""]
)
def test_take_no_text_for_markup(document: Path, text: str) -> None:
    assert typeset(document, {"title": text or " "}).startswith(b"%PDF-")


@pytest.mark.parametrize(("source", "data"), [("#unknown", {}), (SOURCE, {})])
def test_say_that_nothing_was_lost_when_a_document_cannot_be_set(tmp_path: Path, source: str, data: dict) -> None:
    broken = tmp_path / "broken.typ"
    broken.write_text(source, encoding="utf-8")
    with pytest.raises(TypesettingError, match="was kept"):
        typeset(broken, data)


def test_set_many_in_their_order_with_the_bytes_of_each_alone(document: Path) -> None:
    for count in (0, 3, 24):
        papers = [{"title": f"Paper {number}"} for number in range(count)]
        assert list(typeset_many(document, iter(papers))) == [typeset(document, paper) for paper in papers]


@pytest.mark.parametrize("count", [2, 20])
def test_set_many_stops_at_the_one_that_cannot_be_set(document: Path, count: int) -> None:
    made = typeset_many(document, [{"title": "First"}, {}, *[{"title": "Another"}] * count])
    assert next(made).startswith(b"%PDF-")
    with pytest.raises(TypesettingError, match="was kept") as caught:
        next(made)
    assert caught.value.facts["document"] == document.name


def test_set_many_leaves_no_process_behind(document: Path) -> None:
    made = typeset_many(document, ({"title": f"Paper {number}"} for number in range(40)))
    assert next(made).startswith(b"%PDF-")
    assert multiprocessing.active_children()
    made.close()
    assert not multiprocessing.active_children()


def test_set_many_says_so_when_its_processes_are_killed(document: Path) -> None:
    made = typeset_many(document, ({"title": f"Paper {number}"} for number in range(400)))
    assert next(made).startswith(b"%PDF-")
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(TypesettingError, match="was kept"):
        list(made)


def test_set_pictures_of_the_same_pages(document: Path) -> None:
    [picture] = typeset_pictures(document, {"title": "Invoice"}, ppi=30)
    assert picture.startswith(b"\x89PNG\r\n")
