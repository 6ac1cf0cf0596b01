"""What the practice firm is made of: names, phrases, expenses, and the carriers' own rules."""

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file of this folder."""
    return list(csv.DictReader(files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@cache
def document(name: str) -> Any:  # noqa: ANN401 -- plain JSON
    """Return the content of a JSON file of this folder, the same object every time: not to be changed."""
    return json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
