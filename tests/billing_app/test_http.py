"""What the running portal answers over plain HTTP."""

import httpx
import pytest

from tests.billing_app.portal import Portal

pytestmark = pytest.mark.slow

HTML = {"Accept": "text/html"}


def test_send_stranger_to_sign_in(portal: Portal):
    answer = httpx.get(f"{portal.url}/audit?subject=invoice", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faudit%3Fsubject%3Dinvoice")


def test_send_other_host_to_public_address(portal: Portal):
    address = portal.url.replace("localhost", "127.0.0.1")
    answer = httpx.get(f"{address}/audit", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (307, f"{portal.url}/audit")


def test_show_sign_in_without_script(portal: Portal):
    answer = httpx.get(f"{portal.url}/sign-in?next=/audit&problem=session_ended", headers=HTML)
    assert "/auth/login?next=%2Faudit" in answer.text
    assert "Your session has ended" in answer.text
    assert "<script" not in answer.text


@pytest.mark.parametrize("hostile", ["//evil.example", "https://evil.example", "/\\evil.example", "/auth/logout"])
def test_ignore_foreign_next(portal: Portal, hostile: str):
    answer = httpx.get(f"{portal.url}/sign-in", params={"next": hostile})
    assert "/auth/login?next=%2F" in answer.text
    assert "evil" not in answer.text


def test_pass_signed_in_person_on(portal: Portal):
    answer = httpx.get(f"{portal.url}/sign-in?next=/audit", headers={"Cookie": portal.cookie("biller")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit")


def test_tell_health(portal: Portal):
    answer = httpx.get(f"{portal.url}/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "database": True, "redis": False})


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_answer_unknown_api_address_in_json(portal: Portal, method: str):
    answer = httpx.request(method, f"{portal.url}/api/v1/nope", headers={"content-length": "0"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_set_security_headers(portal: Portal):
    headers = httpx.get(f"{portal.url}/healthz").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert portal.url.replace("http", "ws") in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


def test_refuse_foreign_origin_preflight(portal: Portal):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{portal.url}/auth/logout", headers=asked)
    assert answer.headers.get("access-control-allow-origin") != "https://evil.example"


@pytest.mark.parametrize("origin", [{"Origin": "https://evil.example"}, {}, {"Sec-Fetch-Site": "cross-site"}])
def test_refuse_logout_from_elsewhere(portal: Portal, origin: dict[str, str]):
    cookie = portal.cookie("biller")
    answer = httpx.post(f"{portal.url}/auth/logout", headers={"Cookie": cookie, **origin}, content=b"")
    assert answer.status_code == 403
    assert httpx.get(f"{portal.url}/sign-in", headers={"Cookie": cookie}).status_code == 303


def test_end_session_at_logout(portal: Portal):
    cookie = portal.cookie("biller")
    answer = httpx.post(f"{portal.url}/auth/logout", headers={"Cookie": cookie, "Origin": portal.url}, content=b"")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?problem=signed_out")
    assert httpx.get(f"{portal.url}/sign-in", headers={"Cookie": cookie}).status_code == 200


@pytest.mark.parametrize("path", ["/files/evidence/1", "/files/ledes/1", "/files/workbench/1", "/files/invoice-pdf/1"])
def test_refuse_files_to_stranger(portal: Portal, path: str):
    answer = httpx.get(portal.url + path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("path", ["/files/evidence/1", "/files/ledes/1", "/files/workbench/1", "/files/invoice-pdf/1"])
def test_tell_missing_file(portal: Portal, path: str):
    answer = httpx.get(portal.url + path, headers={"Cookie": portal.cookie("biller")})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def upload(portal: Portal, **headers: str) -> httpx.Response:
    """Try what a thief with a tab token would."""
    names = {"Reflex-Client-Token": "stolen", "Reflex-Event-Handler": "any", "Origin": portal.url} | {
        name.capitalize(): value for name, value in headers.items()
    }
    return httpx.post(f"{portal.url}/_upload", headers=names, files={"files": ("a.txt", b"x")})


def test_refuse_upload_with_token_only(portal: Portal):
    assert upload(portal).status_code == 401


def test_refuse_upload_from_elsewhere(portal: Portal):
    assert upload(portal, cookie=portal.cookie("biller"), origin="https://evil.example").status_code == 403


def test_let_own_upload_reach_its_handler(portal: Portal):
    assert upload(portal, cookie=portal.cookie("biller")).status_code not in {401, 403, 404, 411, 413}


def test_hide_uploaded_files(portal: Portal):
    assert httpx.get(f"{portal.url}/_upload/a.txt", headers={"Cookie": portal.cookie("biller")}).status_code == 404


@pytest.mark.parametrize(("path", "length"), [("/auth/logout", 70_000), ("/_upload", 26 * 1024 * 1024)])
def test_refuse_oversized_body(portal: Portal, path: str, length: int):
    answer = httpx.post(portal.url + path, content=b"x" * length, headers={"Origin": portal.url})
    assert answer.status_code == 413


def test_refuse_body_of_unknown_length(portal: Portal):
    answer = httpx.post(f"{portal.url}/auth/logout", content=iter([b"x"]), headers={"Origin": portal.url})
    assert answer.status_code == 411


def test_say_when_provider_is_away(portal: Portal):
    answer = httpx.get(f"{portal.url}/auth/login")
    assert answer.status_code == 503
    assert "identity provider does not answer" in answer.text
