"""A list of rules as a JSON file, to keep, to compare, or to begin another carrier's list with."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from core.errors import InvalidInputError
from guidelines.rules import Rule
from services.rules.guideline_drafts import MOST_RULES, Draft, data_of, drafts_of
from services.rules.guideline_versions import read_rules

LONGEST_FILE: Final = 200_000
_KEY = "guidelines"


def export_rules(carrier_name: str, number: int, drafts: Sequence[Draft]) -> str:
    """Return the list as a file; `number` is the version that it was edited from.

    Raises:
        InvalidInputError: something is wrong with a rule of it.
    """
    return json.dumps({"carrier": carrier_name, "version": number, _KEY: data_of(drafts)}, indent=2) + "\n"


def import_rules(text: str) -> tuple[Rule, ...]:
    """Read a file that `export_rules` wrote, or a bare list of rules.

    Raises:
        InvalidInputError: it is no such file, or far too long.
        InvalidRulesError: a rule of it is not right.
    """
    if len(text) > LONGEST_FILE:
        raise InvalidInputError(f"The file has more than {LONGEST_FILE:,} characters. Your list was left as it is.")
    rules = read_rules(_listed(text))
    # A figure that no form takes would be refused at the save, when nobody looks at the file any more.
    for at, draft in enumerate(drafts_of(rules, in_force=(), first=0), start=1):
        if wrong := next(iter(draft.read.problems.values()), ""):
            raise InvalidInputError(f"Rule {at} of the file: {wrong} Your list was left as it is.")
    return rules


def _listed(text: str) -> list[dict[str, Any]]:
    try:
        data = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as wrong:
        raise InvalidInputError("This is no JSON file. Your list was left as it is; choose another file.") from wrong
    found = data.get(_KEY) if isinstance(data, dict) else data
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidInputError(
            f"The file holds no list of rules under “{_KEY}”. Your list was left as it is; choose another file."
        )
    if len(found) > MOST_RULES:
        raise InvalidInputError(f"The file holds more than {MOST_RULES} rules. Your list was left as it is.")
    return found
