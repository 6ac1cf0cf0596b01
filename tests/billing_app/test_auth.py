"""Signing in with OpenID Connect: the honest way works, every tampered one is refused and creates nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlmodel import select
from starlette.applications import Starlette

from billing_app import auth
from billing_app.signing_key import signing_key
from billing_app.web import web_routes
from core.clock import now
from core.db import Database
from core.settings import get_settings
from models.person import User, UserSession
from services.identity import unlinked_subject
from tests.billing_app.pretend_provider import FOREIGN_KEY, ISSUER, PretendProvider

PUBLIC = "https://billing.firm.example"
EMAIL = "dana.brooks@hwr.example"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> PretendProvider:
    monkeypatch.setenv("BILLING_PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("BILLING_OIDC_ISSUER", ISSUER)
    get_settings.cache_clear()
    pretend = PretendProvider()
    client = pretend.client()
    monkeypatch.setattr(auth, "provider", lambda: client)
    return pretend


@pytest.fixture
async def browser(provider: PretendProvider, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    with database.unit_of_work() as session:
        session.add(
            User(subject=unlinked_subject(EMAIL), email=EMAIL, name="Dana Brooks", roles=["biller"], created_at=now())
        )
    app: Starlette = web_routes()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC) as client:
        yield client


async def start(browser: httpx.AsyncClient, provider: PretendProvider, wanted: str = "/audit") -> dict[str, str]:
    answer = await browser.get("/auth/login", params={"next": wanted})
    assert answer.status_code == 302
    return provider.remember(answer.headers["location"])


async def finish(browser: httpx.AsyncClient, asked: dict[str, str], **changed: str) -> httpx.Response:
    return await browser.get("/auth/callback", params={"code": "c", "state": asked["state"]} | changed)


def sessions(database: Database) -> list[UserSession]:
    with database.read_only() as session:
        return list(session.exec(select(UserSession)).all())


async def test_sign_in_and_go_where_wanted(browser: httpx.AsyncClient, provider: PretendProvider, database: Database):
    asked = await start(browser, provider)
    answer = await finish(browser, asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit")
    cookie = next(
        value for value in answer.headers.get_list("set-cookie") if value.startswith("__Host-billing_session")
    )
    assert all(part in cookie for part in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"))
    assert len(sessions(database)) == 1


async def test_ask_with_pkce_state_nonce_and_own_address(browser: httpx.AsyncClient, provider: PretendProvider):
    asked = await start(browser, provider)
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{PUBLIC}/auth/callback"
    assert all(asked[name] for name in ("state", "nonce", "code_challenge"))
    await finish(browser, asked)
    assert len(provider.token_requests[0]["code_verifier"][0]) >= 43


@pytest.mark.parametrize("hostile", ["//evil.example", "https://evil.example/", "/\\evil.example", "\t//evil.example"])
async def test_never_send_elsewhere_after_sign_in(browser: httpx.AsyncClient, provider: PretendProvider, hostile: str):
    answer = await finish(browser, await start(browser, provider, hostile))
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize("named", [ISSUER, None])
async def test_accept_own_issuer_or_none(browser: httpx.AsyncClient, provider: PretendProvider, named: str | None):
    asked = await start(browser, provider)
    assert (await finish(browser, asked, **({"iss": named} if named else {}))).status_code == 303


async def test_refuse_missing_issuer_where_provider_promises_it(browser: httpx.AsyncClient, provider: PretendProvider):
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert (await finish(browser, await start(browser, provider))).status_code == 403


async def test_refuse_foreign_issuer_in_callback(
    browser: httpx.AsyncClient, provider: PretendProvider, database: Database
):
    answer = await finish(browser, await start(browser, provider), iss="https://evil.example")
    assert answer.status_code == 403
    assert provider.token_requests == []
    assert sessions(database) == []


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"nonce": "another"},
        {"exp": 1},
        {"nonce": None},
        {"sub": None},
    ],
    ids=["issuer", "audience", "nonce", "expired", "no-nonce", "no-subject"],
)
async def test_refuse_lying_id_token(
    browser: httpx.AsyncClient, provider: PretendProvider, database: Database, lie: dict[str, object]
):
    provider.claims = lie
    answer = await finish(browser, await start(browser, provider))
    assert answer.status_code in {400, 403}
    assert sessions(database) == []


async def test_refuse_foreign_signature(browser: httpx.AsyncClient, provider: PretendProvider, database: Database):
    provider.key = FOREIGN_KEY
    assert (await finish(browser, await start(browser, provider))).status_code == 400
    assert sessions(database) == []


async def test_refuse_wrong_state_and_replay(browser: httpx.AsyncClient, provider: PretendProvider):
    asked = await start(browser, provider)
    assert (await finish(browser, asked, state="forged")).status_code == 400
    asked = await start(browser, provider)
    assert (await finish(browser, asked)).status_code == 303
    assert (await finish(browser, asked)).status_code == 400


async def test_refuse_callback_in_another_browser(browser: httpx.AsyncClient, provider: PretendProvider):
    asked = await start(browser, provider)
    browser.cookies.clear()
    assert (await finish(browser, asked)).status_code == 400


async def test_tell_unknown_person_and_create_nobody(
    browser: httpx.AsyncClient, provider: PretendProvider, database: Database
):
    provider.claims = {"email": "mallory@evil.example"}
    answer = await finish(browser, await start(browser, provider))
    assert answer.status_code == 403
    assert "You have no account in the billing portal" in answer.text
    with database.read_only() as session:
        assert [user.email for user in session.exec(select(User)).all()] == [EMAIL]


async def test_tell_refusal_of_provider_without_echo(browser: httpx.AsyncClient, provider: PretendProvider):
    asked = await start(browser, provider)
    answer = await finish(browser, asked, error="access_denied", error_description="<script>alert(1)</script>")
    assert answer.status_code == 400
    assert "<script>" not in answer.text


async def test_tell_when_provider_is_away(browser: httpx.AsyncClient, provider: PretendProvider):
    provider.is_down = True
    answer = await browser.get("/auth/login")
    assert answer.status_code == 503
    assert "nobody can sign in just now" in answer.text


async def test_end_earlier_session_of_same_browser(
    browser: httpx.AsyncClient, provider: PretendProvider, database: Database
):
    await finish(browser, await start(browser, provider))
    await finish(browser, await start(browser, provider))
    assert sorted(row.revoked_at is None for row in sessions(database)) == [False, True]


def test_keep_signing_key_between_starts(monkeypatch: pytest.MonkeyPatch):
    first = signing_key()
    assert len(first) >= 43
    assert signing_key() == first
    assert (get_settings().key_ring_path.parent / "session-secret").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("BILLING_SESSION_SECRET", "configured")
    get_settings.cache_clear()
    assert signing_key() == "configured"
