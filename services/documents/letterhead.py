"""The firm as it stands at the head of every paper, and the one document that all papers are set by."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.settings import Settings

DOCUMENT = Path(__file__).with_name("print.typ")


def firm_facts(settings: Settings) -> dict[str, Any]:
    """Return what the papers say of the firm."""
    lines = (*settings.firm_address_lines, settings.firm_phone, settings.firm_email)
    return {
        "name": settings.firm_name,
        "tax_id": settings.law_firm_id,
        "lines": [line for line in lines if line],
        "remit_to": list(settings.firm_remit_to_lines),
    }


def print_data(title: str, settings: Settings, papers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what `DOCUMENT` is set with: papers, each with the kind it names, that follow one another."""
    return {"title": title, "author": settings.firm_name, "papers": list(papers)}
