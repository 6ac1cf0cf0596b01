"""Requests of the lane: the browser's session, allowed hosts at each hop, and nothing sent twice."""

from collections import deque

import httpx
import pytest

from carriers.errors import HostNotAllowedError
from carriers.forms.fields import ChosenFile, Request
from carriers.forms.wire import NotAPageError, Wire
from carriers.hosts import AllowedHosts
from carriers.page import Cookie

HOME = "http://harbor.localhost:8800"
PAGE = {"content-type": "text/html; charset=utf-8"}


@pytest.fixture
def asked():
    return []


@pytest.fixture
def wire(asked):
    """Return a wire whose site gives the scripted answers in turn."""

    def start(*answers):
        queue = deque(answers)

        def answer(request):
            request.read()
            asked.append(request)
            said = queue.popleft()
            if isinstance(said, Exception):
                raise said
            return said

        made = Wire(AllowedHosts("Harbor", ["{site_host}"], HOME), httpx.MockTransport(answer))
        made.take_over([Cookie("sid", "s-1", "harbor.localhost", "/")], "Chromium")
        return made

    return start


def moved(status, to):
    return httpx.Response(status, headers={"location": to})


def test_send_goes_on_as_the_browser_that_signed_in(wire, asked):
    page = wire(httpx.Response(200, headers=PAGE, text="<p>Hello")).get(f"{HOME}/list", referer=f"{HOME}/home")
    assert (page.url, page.status, page.may_reload) == (f"{HOME}/list", 200, True)
    assert asked[0].headers["cookie"] == "sid=s-1"
    assert asked[0].headers["user-agent"] == "Chromium"
    assert asked[0].headers["referer"] == f"{HOME}/home"
    assert "origin" not in asked[0].headers


def test_post_carries_the_file_and_is_followed_by_a_get(wire, asked):
    request = Request(
        "POST", f"{HOME}/up", (("token", "t"), ("file", ChosenFile("I-1.txt", b"LEDES1998B[]"))), is_multipart=True
    )
    page = wire(moved(303, "/done"), httpx.Response(200, headers=PAGE, text="<p>Done")).send(request)
    assert [(one.method, one.url.path) for one in asked] == [("POST", "/up"), ("GET", "/done")]
    assert asked[0].headers["origin"] == HOME
    assert b'name="token"\r\n\r\nt\r\n' in asked[0].content
    assert b'filename="I-1.txt"' in asked[0].content
    assert b"LEDES1998B[]" in asked[0].content
    assert asked[1].content == b""
    assert page.may_reload


def test_page_that_answers_a_post_may_not_be_reloaded(wire):
    assert not wire(httpx.Response(200, headers=PAGE, text="<p>Done")).send(Request("POST", f"{HOME}/up")).may_reload


def test_plain_form_is_sent_in_the_pages_own_letters(wire, asked):
    wire(httpx.Response(200, headers=PAGE, text="")).send(
        Request("POST", f"{HOME}/find", (("name", "Müller & Söhne €"),)), charset="iso-8859-1"
    )
    assert asked[0].content == b"name=M%FCller+%26+S%F6hne+%26%238364%3B"
    assert asked[0].headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "to", ["http://evil.example/", "http://harbor.localhost:9/", "https://user@harbor.localhost:8800/"]
)
def test_redirect_to_another_host_is_not_followed(wire, asked, to):
    with pytest.raises(HostNotAllowedError):
        wire(moved(302, to)).get(f"{HOME}/list")
    assert len(asked) == 1


def test_nothing_is_sent_to_a_host_that_is_not_allowed(wire, asked):
    with pytest.raises(HostNotAllowedError):
        wire().get("http://evil.example/")
    assert asked == []


def test_broken_line_is_reported_and_not_tried_again(wire, asked):
    with pytest.raises(httpx.ReadError):
        wire(httpx.ReadError("gone")).send(Request("POST", f"{HOME}/up"))
    assert len(asked) == 1


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(200, headers={"content-type": "application/json"}, text="{}"), httpx.Response(200, content=b"?")],
)
def test_anything_but_a_page_is_a_surprise(wire, answer):
    with pytest.raises(NotAPageError):
        wire(answer).get(f"{HOME}/list")


def test_going_round_in_circles_is_given_up(wire, asked):
    with pytest.raises(NotAPageError, match="redirects"):
        wire(*(moved(302, "/again") for _ in range(12))).get(f"{HOME}/list")
    assert len(asked) == 10


def test_new_session_replaces_the_old_one(wire, asked):
    made = wire(httpx.Response(200, headers=PAGE, text=""))
    made.take_over([Cookie("sid", "s-2", "harbor.localhost", "/")], "Chromium")
    made.get(f"{HOME}/list")
    assert asked[0].headers["cookie"] == "sid=s-2"
