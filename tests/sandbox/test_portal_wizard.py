"""Platform 11 as a visitor meets it: matter, file, certificate, slip; a bill counts once it was certified."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from sandbox.portals.hosts import Portals
from sandbox.portals.newcomer import CLIENT_ID, PASSWORD, SITE, USERNAME, newcomer_world
from sandbox.portals.sample_world import sample_ledes
from sandbox.portals.store import ACCEPTED, Store
from sandbox.portals.world import parse_world
from tests.sandbox.visitors import form_token

MATTER, CLAIM = "2026-90001", "JRA-55-0107"
FIELDS = {
    "client_id": CLIENT_ID,
    "law_firm_matter_id": MATTER,
    "client_matter_id": CLAIM,
    "law_firm_id": "364412907",
}


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[Portals]:
    ana = {"id": "TK012", "name": "Reyes, Ana", "classification": "PT", "rate": "285.00", "from": "2026-01-01"}
    made = Portals(parse_world(newcomer_world({MATTER: CLAIM}, [ana])), Store(tmp_path))
    yield made
    made.store.close()


@pytest.fixture
def visitor(portals: Portals) -> TestClient:
    client = TestClient(portals.app(), base_url=f"http://{SITE}.localhost:8800")
    client.post("/counter/enter", data={"login_name": USERNAME, "pass_phrase": PASSWORD})
    return client


def check_bill(visitor: TestClient, name: str = "JRA_INV-1001.txt", matter: str = MATTER, **changed: str):
    address = f"/counter/bill/file?matter={matter}"
    token = form_token(visitor.get(address).text)
    data = sample_ledes(**(FIELDS | changed))
    fields = {"token": token, "matter": matter}
    return visitor.post("/counter/bill/file", data=fields, files={"bill_file": (name, data)})


def certify(visitor: TestClient, page, **fields: str):
    return visitor.post(str(page.url), data={"token": form_token(page.text)} | fields)


def test_ask_for_log_in_and_refuse_a_wrong_phrase(portals: Portals):
    stranger = TestClient(portals.app(), base_url=f"http://{SITE}.localhost:8800")
    assert stranger.get("/counter/bills").url.path == "/counter/enter"
    answer = stranger.post("/counter/enter", data={"login_name": USERNAME, "pass_phrase": "wrong"})
    assert 'id="counter-no"' in answer.text


def test_hand_in_a_bill_on_three_pages(portals: Portals, visitor: TestClient):
    assert f'<option value="{MATTER}">{CLAIM} ({MATTER})</option>' in visitor.get("/counter/bill/matter").text
    page = check_bill(visitor)
    assert page.url.path == "/counter/bill/1/certify"
    assert [post.status == ACCEPTED for post in portals.store.every(SITE)] == [False]
    assert "Certify the bill, or leave it." in certify(visitor, page).text
    slip = certify(visitor, page, certificate="certified")
    assert '<output id="slipNumber">JR-' in slip.text
    assert [post.status for post in portals.store.every(SITE)] == [ACCEPTED]


def test_a_certificate_given_twice_hands_in_once(portals: Portals, visitor: TestClient):
    page = check_bill(visitor)
    for _ in range(2):
        certify(visitor, page, certificate="certified")
    assert [post.status for post in portals.store.every(SITE)] == [ACCEPTED]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"name": "INV-1001.txt"}, "is not in the form this client requires"),
        ({"law_firm_id": "36-4412907"}, "is not registered for this account"),
        ({"matter": "2026-90002"}, "The bill is for matter 2026-90001; you chose 2026-90002."),
    ],
)
def test_refuse_what_the_counter_does_not_take(portals: Portals, visitor: TestClient, changed, reason):
    answer = check_bill(visitor, **changed).text
    assert 'id="not-taken"' in answer
    assert reason in answer
    assert ACCEPTED not in [post.status for post in portals.store.every(SITE)]


def test_list_what_was_handed_in(visitor: TestClient):
    certify(visitor, check_bill(visitor), certificate="certified")
    shown = visitor.get("/counter/bills?bill=INV-1001").text
    assert '<h2 class="bill-number">INV-1001</h2>' in shown
    assert '<dd class="bill-decision">Approved</dd>' in shown
    assert 'id="no-bills"' in visitor.get("/counter/bills?bill=INV-1002").text
