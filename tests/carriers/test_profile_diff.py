"""Two profiles compared in words, by part."""

import pytest

from carriers.profile import load_profile
from carriers.profile_diff import diff_profiles
from carriers.seeds import seed_profiles


def changed(**sets):
    """Return Harbor's profile and a changed one: keys are paths with '__' between their parts."""
    before = seed_profiles()["harbor-mutual"]
    document = before.model_dump(mode="json")
    for path, value in sets.items():
        *parents, last = path.split("__")
        place = document
        for name in parents:
            place = place[name]
        place[last] = value
    return before, load_profile(document)


def said(before, after):
    return [(one.part, one.text) for one in diff_profiles(before, after)]


def steps(name, change):
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")["site"]["steps"][name]
    change(document)
    return document


@pytest.mark.parametrize("slug", sorted(seed_profiles()))
def test_diff_of_a_profile_with_itself_is_empty(slug):
    profile = seed_profiles()[slug]
    assert diff_profiles(profile, load_profile(profile.model_dump(mode="json"))) == []


def test_diff_names_old_and_new_values():
    pair = changed(money__payment_terms_days=60, site__settle_seconds=9)
    assert said(*pair)[-2:] == [
        ("Money", "payment terms days: 45 became 60"),
        ("Site", "settle seconds: 5.0 became 9.0"),
    ]


def test_diff_tells_a_changed_selector_of_a_step():
    login = steps("login", lambda all_steps: all_steps[4].update(selectors=["#go", "text/Log in"]))
    pair = changed(site__steps__login=login)
    assert said(*pair) == [("Log-in", "step 5 'Log in': selectors: #btnLogin became #go | text/Log in")]


def test_diff_tells_steps_that_came_and_went():
    logout = steps(
        "logout", lambda all_steps: all_steps.insert(0, {"verb": "dismiss", "label": "Close it", "timeout_seconds": 5})
    )
    result = steps("read_result", lambda all_steps: all_steps.pop())
    found = said(*changed(site__steps__logout=logout, site__steps__read_result=result))
    assert ("Log-out", "step 1 'Close it' (dismiss) was added") in found
    assert ("Read the result", "step 7 'Read the reductions' (read_table) was removed") in found
    assert len(found) == 2


def test_diff_tells_rules_and_outcomes_by_name():
    document = seed_profiles()["harbor-mutual"].model_dump(mode="json")
    rules, outcomes = document["guidelines"], document["site"]["outcomes"]
    rules[1] = {**rules[1], "action": "warn"}
    found = said(*changed(guidelines=rules, site__outcomes=outcomes[1:]))
    assert ("Guidelines", "rule 'rate_cap': action: reduce became warn") in found
    assert ("Site", "outcome 'site_unavailable' was removed") in found


def test_diff_shortens_what_is_long():
    pair = changed(site__title="A" * 300)
    assert len(said(*pair)[0][1]) < 250
