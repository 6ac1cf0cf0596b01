"""A carrier that nobody knows yet: its site stands in no other world, and the product has no profile of it."""

from collections.abc import Mapping, Sequence
from typing import Any

SITE, CARRIER, CLIENT_ID = "juniper", "juniper-ridge", "JNPRDG"
USERNAME, PASSWORD = "hwr-juniper", "Blue-Heron-Lamp-31"
_LAW_FIRM_ID = "364412907"


def newcomer_world(matters: Mapping[str, str], timekeepers: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """Return the world of one site as decoded JSON; `matters` are claim numbers by the firm's matter number.

    The site wants the firm's tax id without a dash and file names that begin with JRA_.
    """
    return {
        "law_firm_id": _LAW_FIRM_ID,
        "sites": [{
            "slug": SITE, "platform": 11, "title": "Juniper Ridge Bill Counter", "carriers": [CARRIER],
            "accounts": [{"username": USERNAME, "password": PASSWORD}],
        }],
        "carriers": [{
            "slug": CARRIER, "name": "Juniper Ridge Assurance", "client_id": CLIENT_ID, "rules": {},
            "file_name": r"JRA_.+\.txt", "task_codes": None, "activity_codes": None, "expense_codes": None,
        }],
        "matters": [
            {"carrier": CARRIER, "law_firm_matter_id": number, "claim_number": claim, "open": True}
            for number, claim in matters.items()
        ],
        "timekeepers": [{"carrier": CARRIER, **one} for one in timekeepers],
    }  # fmt: skip
