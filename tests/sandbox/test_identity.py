"""The practice identity provider over real HTTP: a whole sign-in works, and each tampered one is refused."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from core.clock import now
from core.db import Database
from models import User
from models.enums import Role
from sandbox.identity.codes import BoundCodes, challenge_of
from sandbox.identity.people import Directory
from sandbox.identity.provider import create_provider
from sandbox.identity.server import running

REDIRECT = "http://localhost:3000/auth/callback"
SECRET = "practice-only"
PEOPLE = (
    ("hwr-0001", "ana.reyes@hwr.example", "Ana Reyes", Role.ATTORNEY),
    ("hwr-0002", "dana.brooks@hwr.example", "Dana Brooks", Role.BILLER),
    ("hwr-0003", "quiet.person@hwr.example", "Quiet Person", Role.BILLER),
)

# The library's own call of its own library's older name; nothing a caller can change.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config:DeprecationWarning")


@pytest.fixture
def firm(database: Database) -> Database:
    with database.unit_of_work() as session:
        for subject, email, name, role in PEOPLE:
            session.add(User(subject=subject, email=email, name=name, roles=[role.value], created_at=now()))
    return database


@dataclass
class Portal:
    """A client as the portal is one: it keeps its verifier, state and nonce."""

    http: httpx.Client
    issuer: str

    def __post_init__(self) -> None:
        self.verifier, self.state, self.nonce = (secrets.token_urlsafe(32) for _ in range(3))

    def ask(self, **changes: str | None) -> dict[str, str]:
        asked = {
            "response_type": "code", "client_id": "billing-portal", "redirect_uri": REDIRECT, "state": self.state,
            "scope": "openid email profile", "nonce": self.nonce, "code_challenge_method": "S256",
            "code_challenge": challenge_of(self.verifier), **changes,
        }  # fmt: skip
        return {name: value for name, value in asked.items() if value is not None}

    def choose(self, who: str = "ana.reyes@hwr.example", **changes: str | None) -> dict[str, str]:
        """Choose a person and return what comes back in the callback's query."""
        answer = self.http.post("/oauth2/authorize", params=self.ask(**changes), data={"sub": who})
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(REDIRECT)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def redeem(self, code: str, *, verifier: str = "", client_secret: str = SECRET) -> httpx.Response:
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
        body["code_verifier"] = verifier or self.verifier
        return self.http.post("/oauth2/token", data=body, auth=("billing-portal", client_secret))

    def claims(self, tokens: dict[str, Any]) -> dict[str, Any]:
        keys = KeySet.import_key_set(self.http.get("/jwks").json())
        return dict(jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims)


@pytest.fixture
def portal(firm: Database) -> Iterator[Portal]:
    app = create_provider(Directory(firm), client_id="billing-portal", client_secret=SECRET)
    with running(app) as issuer, httpx.Client(base_url=issuer) as http:
        yield Portal(http, issuer)


@pytest.mark.slow
def test_sign_in_gives_the_chosen_person(portal: Portal) -> None:
    back = portal.choose("dana.brooks@hwr.example")
    claims = portal.claims(portal.redeem(back["code"]).json())
    assert back["state"] == portal.state
    assert claims["nonce"] == portal.nonce
    assert (claims["iss"], claims["aud"]) == (portal.issuer, ["billing-portal"])
    told = {name: claims[name] for name in ("sub", "email", "email_verified", "name")}
    assert told == {
        "sub": "hwr-0002", "email": "dana.brooks@hwr.example", "email_verified": True, "name": "Dana Brooks",
    }  # fmt: skip


@pytest.mark.slow
def test_callback_names_the_issuer(portal: Portal) -> None:
    assert portal.choose()["iss"] == portal.issuer


@pytest.mark.slow
def test_cancelling_goes_back_with_state_and_issuer(portal: Portal) -> None:
    denied = portal.http.post("/oauth2/authorize", params=portal.ask(), data={"action": "deny"})
    query = parse_qs(urlsplit(denied.headers["location"]).query)
    assert query["error"] == ["access_denied"]
    assert (query["state"], query["iss"]) == ([portal.state], [portal.issuer])


@pytest.mark.slow
def test_userinfo_answers_the_access_token(portal: Portal) -> None:
    tokens = portal.redeem(portal.choose()["code"]).json()
    person = portal.http.get("/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert (person["sub"], person["email"]) == ("hwr-0001", "ana.reyes@hwr.example")
    assert portal.http.get("/userinfo").status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["QUIET.person@hwr.example ", "hwr-0003"])
def test_typed_address_finds_the_person(portal: Portal, typed: str) -> None:
    assert portal.claims(portal.redeem(portal.choose(typed)["code"]).json())["sub"] == "hwr-0003"


@pytest.mark.slow
def test_stranger_is_let_through_for_the_portal_to_refuse(portal: Portal) -> None:
    claims = portal.claims(portal.redeem(portal.choose("eve@elsewhere.example")["code"]).json())
    assert (claims["sub"], claims["email"]) == ("stranger:eve@elsewhere.example", "eve@elsewhere.example")


@pytest.mark.slow
def test_page_offers_the_named_people_and_loads_nothing_foreign(portal: Portal) -> None:
    page = portal.http.get("/oauth2/authorize", params=portal.ask()).text
    assert page.index("Dana Brooks") < page.index("Ana Reyes")
    assert "Quiet Person" not in page
    assert "http" not in page


@pytest.mark.slow
def test_blank_address_asks_again(portal: Portal) -> None:
    again = portal.http.post("/oauth2/authorize", params=portal.ask(), data={"sub": "  "})
    assert again.status_code == 200
    assert "Type an e-mail address" in again.text


@pytest.mark.slow
def test_discovery_is_standard(portal: Portal) -> None:
    told = portal.http.get("/.well-known/openid-configuration").json()
    assert told["issuer"] == portal.issuer
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["code_challenge_methods_supported"] == ["S256"]
    endpoints = [value for name, value in told.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(endpoints) == 4
    assert all(value.startswith(portal.issuer) for value in endpoints)


@pytest.mark.slow
@pytest.mark.parametrize(
    "missing", [{"code_challenge": None}, {"code_challenge_method": "plain"}, {"client_id": "somebody-else"}]
)
def test_sign_in_without_what_it_needs_is_refused(portal: Portal, missing: dict[str, str | None]) -> None:
    assert portal.http.get("/oauth2/authorize", params=portal.ask(**missing)).status_code == 400


@pytest.mark.slow
def test_sign_in_without_nonce_goes_back_with_an_error(portal: Portal) -> None:
    answer = portal.http.post("/oauth2/authorize", params=portal.ask(nonce=None), data={"sub": "hwr-0001"})
    assert "error=invalid_request" in answer.headers["location"]


@pytest.mark.slow
def test_nonce_serves_once(portal: Portal) -> None:
    portal.choose()
    again = portal.http.post("/oauth2/authorize", params=portal.ask(), data={"sub": "hwr-0001"})
    assert "error=" in again.headers["location"]


@pytest.mark.slow
def test_code_serves_once(portal: Portal) -> None:
    code = portal.choose()["code"]
    assert portal.redeem(code).status_code == 200
    assert portal.redeem(code).json()["error"] == "invalid_grant"


@pytest.mark.slow
def test_wrong_verifier_uses_the_code_up(portal: Portal) -> None:
    code = portal.choose()["code"]
    assert portal.redeem(code, verifier="wrong").json()["error"] == "invalid_grant"
    assert portal.redeem(code).status_code == 400


@pytest.mark.slow
def test_wrong_client_secret_is_refused(portal: Portal) -> None:
    assert portal.redeem(portal.choose()["code"], client_secret="guess").status_code == 401


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/oidc/login", "/oauth2/clients", "/oauth2/end_session", "/users/hwr-0001"])
def test_the_library_s_other_doors_are_closed(portal: Portal, path: str) -> None:
    assert portal.http.get(path).status_code == 404
    assert portal.http.put(path, json={"email": "x"}).status_code == 404


@pytest.mark.slow
def test_process_says_ready_serves_and_stops_on_sigterm(firm: Database, free_port: int) -> None:
    command = [sys.executable, "-m", "sandbox.identity", "--port", str(free_port), "--users-from", str(firm.url)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"identity ready port={free_port}\n"
        told = httpx.get(f"http://127.0.0.1:{free_port}/.well-known/openid-configuration").json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert told["issuer"] == f"http://127.0.0.1:{free_port}"


def test_directory_reads_the_database_anew(firm: Database) -> None:
    directory = Directory(firm)
    assert [person.name for person in directory.named()] == ["Dana Brooks", "Ana Reyes"]
    with firm.unit_of_work() as session:
        session.add(
            User(
                subject="hwr-9",
                email="omar.whitfield@hwr.example",
                name="Omar Whitfield",
                roles=["admin"],
                created_at=now(),
            )
        )
    assert [person.roles for person in directory.named()] == [("biller",), ("attorney",), ("admin",)]


def test_code_grows_stale_after_a_minute() -> None:
    time = [0.0]
    codes = BoundCodes(clock=lambda: time[0])
    codes.bind("early", challenge_of("v"))
    codes.bind("late", challenge_of("v"))
    time[0] = 59.0
    assert codes.redeem("early", "v")
    time[0] = 60.0
    assert not codes.redeem("late", "v")


def test_unknown_code_is_never_redeemed() -> None:
    assert not BoundCodes().redeem("", "")


def test_challenge_matches_the_example_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
