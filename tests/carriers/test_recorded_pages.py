"""Every seeded profile against the recorded pages of its site: found, refused, changed, accepted, without a browser."""

import json

import pytest

from carriers.seeds import seed_profiles
from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME
from tests.carriers.tape import FOLDER, Replay, load
from tests.carriers.visits import FORM_CARRIERS, NEEDS_A_BROWSER, VISITS, visit


@pytest.mark.parametrize("kind", VISITS)
@pytest.mark.parametrize("slug", FORM_CARRIERS)
def test_profile_reads_the_recorded_pages_as_reviewed(slug: str, kind: str):
    told = visit(slug, kind, Replay(load(slug, kind)))
    path = FOLDER / slug / "expected.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if kind not in known:
        path.write_text(json.dumps(known | {kind: told}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert kind in known, f"{path} was written: review what came of the visit “{kind}”, and run again."
    assert told == known[kind]


def test_every_carrier_is_recorded_or_needs_a_browser():
    recorded = {folder.name for folder in FOLDER.iterdir()}
    assert recorded == set(FORM_CARRIERS)
    assert len(seed_profiles()) - len(recorded) == 6, NEEDS_A_BROWSER


@pytest.mark.parametrize("slug", FORM_CARRIERS)
def test_recordings_say_what_their_names_promise(slug: str):
    known = json.loads((FOLDER / slug / "expected.json").read_text(encoding="utf-8"))
    assert known["happy"]["found_before"] is False
    assert known["happy"]["receipt"] == known["happy"]["listed"]
    assert known["bad_password"]["error"] == "login_rejected"
    assert known["rejection"]["error"] == "file_refused"
    assert known["rejection"]["findings"]
    assert known["layout_changed"]["error"] == "lane_surprise"
    assert known["layout_changed"]["looked_for"]


def test_a_page_that_was_not_recorded_is_a_failure():
    tape = load("harbor-mutual", "happy")
    del tape.exchanges[3:]
    with pytest.raises(AssertionError, match="was never recorded here; after GET /Home"):
        visit("harbor-mutual", "happy", Replay(tape))


def test_a_carrier_that_was_not_recorded_is_a_failure():
    with pytest.raises(AssertionError, match="Run: make record CARRIER=lakeshore-indemnity"):
        load("lakeshore-indemnity", "happy")


@pytest.mark.parametrize("slug", FORM_CARRIERS)
def test_recordings_hold_no_secret_and_are_small(slug: str):
    text = (FOLDER / slug / "tapes.json").read_text(encoding="utf-8")
    assert [secret for secret in (PASSWORD, TOTP_SECRET, USERNAME) if secret in text] == []
    assert len(text) < 40_000
