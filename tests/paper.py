"""Reads the text of a PDF back, so that a test reads what a carrier's clerk would: runs in the order they are drawn."""

from io import BytesIO

from pypdf import PageObject, PdfReader


def text_of(pdf: bytes) -> str:
    """Return the text of every page, one line a run."""
    return "\n".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page, one line a run."""
    return ["\n".join(_runs(page)) for page in PdfReader(BytesIO(pdf)).pages]


def _runs(page: PageObject) -> list[str]:
    found: list[str] = []
    page.extract_text(visitor_text=lambda text, *_: found.append(text.strip()))
    return [text for text in found if text]
