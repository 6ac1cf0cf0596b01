"""Profiles of the practice carriers, one JSON document each, as the app would store them."""

import json
from pathlib import Path

from carriers.profile import CarrierProfile, load_profile


def seed_profiles() -> dict[str, CarrierProfile]:
    """Return every seeded profile by carrier slug.

    Raises:
        InvalidProfileError: when a document does not hold together.
    """
    documents = sorted(Path(__file__).parent.glob("*.json"))
    return {path.stem: load_profile(json.loads(path.read_text(encoding="utf-8"))) for path in documents}
