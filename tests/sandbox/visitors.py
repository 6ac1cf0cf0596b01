"""A visitor's moves that many tests of the practice carriers share."""

import re

import pyotp

from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME


def form_token(page: str) -> str:
    found = re.search(r'type="hidden" name="[^"]+" value="(\w+)"', page)
    assert found, page
    return found[1]


def sign_in(practice, slug):
    visitor = practice.visitor(slug)
    if slug in {"harbor", "keystone"}:
        visitor.post("/Login", data={"UserName": USERNAME, "Password": PASSWORD})
    elif slug in {"clearpath", "northfork"}:
        visitor.post("/account/signin", data={"user_id": USERNAME, "pass": PASSWORD})
    elif slug in {"lakeshore", "atlas"}:
        visitor.post("/api/session", data={"username": USERNAME, "password": PASSWORD})
    else:
        visitor.post("/auth/login", data={"j_username": USERNAME, "j_password": PASSWORD})
        visitor.post("/auth/verify", data={"otp": pyotp.TOTP(TOTP_SECRET).now()})
    return visitor


def upload(visitor, page, data, name="INV-1001.txt", **fields):
    token = form_token(visitor.get(page).text)
    return visitor.post(page, data={"token": token} | fields, files={"file": (name, data)})
