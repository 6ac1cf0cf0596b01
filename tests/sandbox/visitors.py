"""A visitor's moves that many tests of the practice carriers share."""

import re

import pyotp

from sandbox.portals.sample_world import PASSWORD, TOTP_SECRET, USERNAME


def form_token(page: str) -> str:
    found = re.search(r'type="hidden" name="[^"]+" value="(\w+)"', page)
    assert found, page
    return found[1]


FORMS = {
    ("harbor", "keystone", "sequoia"): ("/Login", "UserName", "Password"),
    ("clearpath", "northfork"): ("/account/signin", "user_id", "pass"),
    ("lakeshore", "atlas", "beacon"): ("/api/session", "username", "password"),
    ("granite",): ("/auth/login", "j_username", "j_password"),
    ("meridian", "stonegate"): ("/counsel/login", "cg_user", "cg_word"),
    ("unison",): ("/exchange/logon", "operator", "passphrase"),
    ("frontier", "palisade"): ("/gateway/login", "login_id", "login_secret"),
}
LOG_INS = {slug: form for slugs, form in FORMS.items() for slug in slugs}


def sign_in(practice, slug):
    visitor = practice.visitor(slug)
    path, user_field, password_field = LOG_INS[slug]
    visitor.post(path, data={user_field: USERNAME, password_field: PASSWORD})
    if slug == "granite":
        visitor.post("/auth/verify", data={"otp": pyotp.TOTP(TOTP_SECRET).now()})
    return visitor


def upload(visitor, page, data, name="INV-1001.txt", **fields):
    token = form_token(visitor.get(page).text)
    return visitor.post(page, data={"token": token} | fields, files={"file": (name, data)})
