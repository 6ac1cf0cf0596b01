"""What a carrier wants of its files beyond the format, and that each site's answers are those its profile knows."""

import re

import pytest

from carriers.outcomes import outcomes_for
from carriers.seeds import seed_profiles
from sandbox.portals.reader import read_file
from sandbox.portals.readers.habits import parse_habits
from sandbox.portals.sample_world import SampleLine, sample_ledes
from tests.sandbox.visitors import LOG_INS

FIRST_LAST = {"TIMEKEEPER_NAME": [r"[^,|]+ [^,|]+", "Write First Last."]}
SAID = {
    "maintenance": "site_unavailable",
    "server_error": "site_unavailable",
    "challenge": "challenge",
    "expired_password": "password_expired",
    "locked": "account_locked",
    "": "login_rejected",
}
WITH_FORMS = {"meridian": "meridian-liability", "unison": "cedar-valley", "frontier": "frontier-property"}


def findings(raw, data):
    return [(one.line, one.field, one.text) for one in read_file(data, habits=parse_habits(raw)).findings]


def test_no_habits_want_nothing():
    assert findings({}, sample_ledes()) == []


def test_want_a_field_that_the_format_leaves_open():
    assert findings({"needed": ["INVOICE_DESCRIPTION"]}, sample_ledes(invoice_description="")) == [
        (at, "INVOICE_DESCRIPTION", "Required field is blank.") for at in (1, 2)
    ]


def test_want_a_field_on_fees_only():
    data = sample_ledes(timekeeper_name="")
    assert findings({"on_fees": ["TIMEKEEPER_NAME"]}, data) == [(1, "TIMEKEEPER_NAME", "Required field is blank.")]


def test_want_shorter_texts():
    longest = {"longest": {"LINE_ITEM_DESCRIPTION": 20}}
    assert findings(longest, sample_ledes()) == [
        (1, "LINE_ITEM_DESCRIPTION", "The field is longer than 20 characters.")
    ]


def test_want_fewer_decimals():
    data = sample_ledes(lines=[SampleLine(unit_cost="285.0000")])
    (fault,) = findings({"decimals": {"LINE_ITEM_UNIT_COST": 2}}, data)
    assert fault[1] == "LINE_ITEM_UNIT_COST"


def test_want_another_spelling_where_there_is_a_text():
    assert findings({"spelling": FIRST_LAST}, sample_ledes()) == [(1, "TIMEKEEPER_NAME", "Write First Last.")]
    assert findings({"spelling": FIRST_LAST}, sample_ledes(timekeeper_name="Ana Reyes")) == []


def test_refuse_a_habit_that_nobody_knows():
    with pytest.raises(TypeError):
        parse_habits({"colour": ["blue"]})


@pytest.mark.parametrize("kind", SAID)
@pytest.mark.parametrize("slug", WITH_FORMS)
def test_profile_knows_what_its_site_says(practice, slug, kind):
    if kind:
        practice.fault(slug, kind, at="login")
    path, user_field, password_field = LOG_INS[slug]
    password = "Correct-Horse-7" if kind else "wrong"
    page = practice.visitor(slug).post(path, data={user_field: "hwr-billing", password_field: password}).text
    site = seed_profiles()[WITH_FORMS[slug]].site
    heard = [one.signal for one in outcomes_for(site, "login") if _is_shown(one, page)]
    assert heard[0] == SAID[kind]


def _is_shown(outcome, page):
    """Say whether a page holds an element of the outcome's first selector, of the simple kind these profiles use."""
    name, mark, value = re.fullmatch(r"(\w*)([#.])([\w.-]+)", outcome.selectors[0]).groups()
    attribute = f'id="{value}"' if mark == "#" else f'class="{value.split(".")[0]}"'
    found = re.search(rf"<{name or '[a-z]+'} [^>]*{re.escape(attribute)}[^>]*>([^<]*)", page)
    texts = outcome.texts or ("",)
    return found is not None and any(text in found[1] for text in texts)
