"""The packaged lists of words."""

import json
from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> tuple[str, ...]:
    """Return the list of that name, as in 'clerical'.

    Raises:
        KeyError: there is no such list.
    """
    lists: dict[str, list[str]] = json.loads((files("guidelines.data") / "words.json").read_text(encoding="utf-8"))
    return tuple(lists[name])
