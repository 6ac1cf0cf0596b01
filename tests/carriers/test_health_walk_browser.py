"""Real Chromium behind the wall: nothing is submitted, whatever the pages try; a changed layout is seen and shown."""

import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest

from carriers.browser_options import BrowserOptions
from carriers.errors import BrowserLostError, BrowserUnavailableError, SiteUnavailableError
from carriers.health_walk import HealthWalk
from carriers.page_drift import compare_pages
from carriers.profile import CarrierProfile, load_profile
from carriers.seeds import seed_profiles
from carriers.walled_browser import WalledBrowser
from tests.carriers.hostile_site import Looks, hostile_site, walk_hostile
from tests.carriers.practice import Practice, credentials, practice_carriers

pytestmark = pytest.mark.chromium

# Log-ins, scripts, frames and windows differ between these; the rest of the platforms work as one of them does.
DIFFERENT = ("lakeshore-indemnity", "laurentian-mutual")
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def browser():
    warm = WalledBrowser(BrowserOptions())
    # A Chromium with an extension now and then does not come up; a walk is made again then, and so is this.
    with suppress(BrowserUnavailableError):
        warm.start()
    with warm:
        yield warm


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    with practice_carriers(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture
def hostile():
    with hostile_site() as site:
        yield site


def patient(profile: CarrierProfile) -> CarrierProfile:
    document = profile.model_dump(mode="json")
    for steps in document["site"]["steps"].values():
        for step in steps:
            step["timeout_seconds"] = 3
    return load_profile(document)


def walk(browser: WalledBrowser, practice: Practice, carrier: str) -> tuple[Looks, dict[str, Any]]:
    browser._live.delete_all_cookies()
    looks, url = Looks(), practice.base_url(carrier)
    profile = patient(seed_profiles()[carrier])
    known = {"client_code": carrier.partition("-")[0].upper(), "matter": "", "claim_number": ""}
    going = HealthWalk(browser, profile, url, credentials(), practice.code, looks)
    return looks, dict(going.walk(known))


@pytest.mark.parametrize("carrier", DIFFERENT)
def test_walk_sees_every_page_and_submits_nothing(practice, browser, carrier):
    practice.reset()
    looks, ends = walk(browser, practice, carrier)
    assert ends == {"upload": "walked", "find_invoice": "walked", "read_result": "not_asked"}
    assert practice._portals.control.posts() == []
    assert all(look.png.startswith(PNG) for look in looks.by_key.values())
    assert any(part.type == "file" for look in looks.by_key.values() for part in look.sheet.parts)


def test_a_changed_layout_is_drift_with_pictures_and_places(practice, browser):
    practice.reset()
    before, _ = walk(browser, practice, "harbor-mutual")
    practice.order("harbor-mutual", "change_layout", count=0)
    now, ends = walk(browser, practice, "harbor-mutual")
    old, new = before.by_key["upload/upload"], now.by_key["upload/upload"]
    changes = compare_pages(old.sheet, new.sheet)
    assert (ends["upload"], ends["find_invoice"]) == ("changed", "walked")
    assert changes[0].is_breaking
    assert "Upload page" in changes[0].words
    assert any("file field" in change.words and "named" in change.words for change in changes)
    assert any(change.before and change.now for change in changes)
    assert new.png.startswith(PNG)
    assert new.png != old.png
    same = {key for key in before.by_key if key != "upload/upload"}
    prints = [{key: looks.by_key[key].sheet.fingerprint for key in same} for looks in (before, now)]
    assert prints[0] == prints[1]
    assert practice._portals.control.posts() == []


def test_maintenance_is_told_in_the_sites_own_words(practice, browser):
    practice.reset()
    practice.order("harbor-mutual", "maintenance", count=0)
    with pytest.raises(SiteUnavailableError) as said:
        walk(browser, practice, "harbor-mutual")
    assert said.value.site_text


BY_ITSELF = {
    "POST /beacon", "POST /fetch", "PUT /PUT", "PATCH /PATCH", "DELETE /DELETE", "POST /multipart",
    "POST /worker", "POST /service", "POST /frame-form", "POST /popup-form", "POST /leaving", "GET /socket",
}  # fmt: skip


def await_stopped(browser, expected):
    """Wait until the wall has stopped all that the page tries, which takes a while on a busy machine."""
    for _ in range(100):
        stopped = {f"{one.method} {one.path}" for one in browser.stopped()}
        if stopped >= expected:
            time.sleep(0.5)  # what slipped through would be on the site by then
            return
        time.sleep(0.1)
    raise AssertionError(f"{sorted(expected - stopped)} were not stopped")


def walk_again_if_lost(browser, hostile, page):
    """Walk; once more by a new browser where a picture was asked for while the page left, and never came.

    A night's walk ends there with the browser as its reason. Whatever was stopped by then, nothing was sent.
    """
    try:
        return walk_hostile(browser, hostile, page)
    except BrowserLostError:
        assert Counter(hostile.sent) == {"POST /login": 1}
        hostile.sent.clear()
        browser.restart()
        return walk_hostile(browser, hostile, page)


@pytest.mark.parametrize("page", ["/upload-now", "/by-form"])
def test_a_page_that_sends_by_itself_sends_nothing(browser, hostile, page):
    ends = walk_again_if_lost(browser, hostile, page)
    await_stopped(browser, {"POST /step"} if page == "/by-form" else BY_ITSELF)
    assert [one for one in hostile.sent if one != "POST /login"] == []
    assert Counter(hostile.sent) == {"POST /login": 1}
    assert hostile.sockets == 0
    assert ends["find_invoice"] == "walked"
    if page == "/by-form":
        assert ends["upload"] == "would_send"
