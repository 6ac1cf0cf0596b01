"""Platform 10 as a visitor meets it: a receipt at once, a list that hears of it later, and bad days."""

import re
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

from sandbox.portals.control import control_app
from sandbox.portals.faults import FaultKind
from sandbox.portals.hosts import Portals
from sandbox.portals.sample_world import sample_ledes, sample_world
from sandbox.portals.store import Store
from sandbox.portals.trouble import Weather
from sandbox.portals.world import parse_world
from tests.sandbox.conftest import Practice
from tests.sandbox.visitors import sign_in, upload

SUBMIT, LIST = "/gateway/submit", "/gateway/submissions"
CARRIER = "frontier-property"


@pytest.fixture
def make(tmp_path):
    """Serve a frontier that lists late or has bad days."""
    stores = []

    def start(**site):
        world = sample_world()
        next(one for one in world["sites"] if one["slug"] == "frontier").update(site)
        store = Store(tmp_path)
        stores.append(store)
        portals = Portals(parse_world(world), store, processing_ms=0)
        return Practice(portals, TestClient(control_app(portals)))

    yield start
    for store in stores:
        store.close()


def test_receipt_comes_at_once_and_the_list_later(make):
    practice = make(listing_delay_seconds=30)
    visitor = sign_in(practice, "frontier")
    page = upload(visitor, SUBMIT, sample_ledes(CARRIER)).text
    assert re.search(r'<b id="gw-tracking-number">FGW-\d{10}</b>', page)
    assert '<p id="gw-empty">' in visitor.get(f"{LIST}?invoice=INV-1001").text
    assert '<section id="gw-pending">' in visitor.get("/gateway/track?invoice=INV-1001").text
    assert practice.overall()["accepted"] == 1
    practice.control.post("/decisions/release", json={"advance_seconds": 31})
    assert '<td class="gw-invoice">INV-1001</td>' in visitor.get(f"{LIST}?invoice=INV-1001").text
    assert '<span id="gw-status">Approved</span>' in visitor.get("/gateway/track?invoice=INV-1001").text


def test_a_file_posted_again_meanwhile_is_stored_twice(make):
    practice = make(listing_delay_seconds=30)
    visitor = sign_in(practice, "frontier")
    for _ in range(2):
        upload(visitor, SUBMIT, sample_ledes(CARRIER))
    assert practice.overall()["duplicates"] == 1


def test_ordered_delay_adds_to_the_usual_one(make):
    practice = make(listing_delay_seconds=30)
    visitor = sign_in(practice, "frontier")
    practice.fault("frontier", "delay_listing", seconds=30)
    upload(visitor, SUBMIT, sample_ledes(CARRIER))
    practice.control.post("/decisions/release", json={"advance_seconds": 31})
    assert '<p id="gw-empty">' in visitor.get(LIST).text
    practice.control.post("/decisions/release", json={"advance_seconds": 30})
    assert "INV-1001" in visitor.get(LIST).text


def test_refuse_lists_reasons(make):
    practice = make()
    page = upload(sign_in(practice, "frontier"), SUBMIT, sample_ledes(CARRIER, client_matter_id="X")).text
    assert '<section id="gw-refused"' in page
    assert '<td class="e-field">CLIENT_MATTER_ID</td>' in page


def test_track_without_a_number_is_the_list(make):
    assert sign_in(make(), "frontier").get("/gateway/track").url.path == LIST


def test_bad_days_strike_lists_and_forms_but_never_a_post(make):
    practice = make(trouble_every=4)
    visitor = sign_in(practice, "frontier")
    seen = [visitor.get(LIST).status_code for _ in range(60)]
    assert set(seen) == {200, 502, 503}
    assert 10 <= sum(status != 200 for status in seen) <= 20
    posted = 0
    while posted < 8:
        form = visitor.get(SUBMIT)
        if form.status_code == 200:
            token = re.search(r'name="gw_token" value="(\w+)"', form.text)[1]
            reply = visitor.post(SUBMIT, data={"gw_token": token}, files={"f": ("a.txt", sample_ledes(CARRIER))})
            assert "Your invoice was received." in reply.text
            posted += 1
    assert practice.overall()["accepted"] == 8


def test_weather_is_the_same_for_the_same_seed_and_never_twice_running():
    first, second = Weather(12, "frontier"), Weather(12, "frontier")
    struck = [first.strikes() for _ in range(200)]
    assert struck == [second.strikes() for _ in range(200)]
    days = [at for at, kind in enumerate(struck) if kind]
    assert {struck[at] for at in days} == {FaultKind.BAD_GATEWAY, FaultKind.MAINTENANCE}
    assert all(9 <= later - earlier <= 15 for earlier, later in pairwise(days))


def test_fair_weather_never_strikes():
    assert {Weather(0, "frontier").strikes() for _ in range(100)} == {None}
