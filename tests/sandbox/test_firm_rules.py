"""The rules the product is given for a practice carrier are those by which the carrier's own site cuts."""

from decimal import Decimal

import pytest

from carriers.profile import CarrierProfile
from carriers.seeds import seed_profiles
from sandbox.firm.sites import carrier_facts

FACTS = {carrier["slug"]: carrier for carrier in carrier_facts()}
PROFILES = seed_profiles()


def rule(profile: CarrierProfile, kind: str):
    return next(one for one in profile.guidelines if one.kind == kind)


@pytest.mark.parametrize("slug", FACTS)
def test_agree_on_the_figures(slug):
    rules, profile = FACTS[slug]["rules"], PROFILES[slug]
    assert rule(profile, "max_hours_per_day").hours == Decimal(rules["max_hours_per_day"])
    assert rule(profile, "max_hours_per_entry").hours == Decimal(rules["max_hours_per_entry"])
    assert rule(profile, "max_age_days").days == rules["max_age_days"]
    assert set(rule(profile, "vague_narrative").phrases) == set(rules["vague_phrases"])
    assert {code: str(cap) for code, cap in rule(profile, "expense_unit_cost").caps.items()} == rules[
        "expense_unit_caps"
    ]
    assert rule(profile, "non_billable_expense").codes == set(rules["non_billable_expenses"])


@pytest.mark.parametrize("slug", FACTS)
def test_agree_on_the_format_of_files(slug):
    profile = PROFILES[slug]
    assert profile.format.dialect == FACTS[slug].get("format", "LEDES1998B")
    assert profile.format.file_name.endswith(profile.format.dialect.extension)
