"""What a recorded field is for, by the words in its selectors. Passwords are recognised before anything is kept."""

import re
from itertools import pairwise
from typing import Literal

from carriers.recordings.recording import Action
from carriers.recordings.selectors import words_of

Purpose = Literal["user", "secret", "code", "invoice_number", "claim_number", "matter", "total", "client_code", ""]

_SECRET_WORDS = frozenset({"pass", "pin", "pw", "pwd", "secret", "passphrase", "passcode", "psw"})
_SECRET_PARTS = ("passw", "pwd", "kennwort", "passphrase")
_CODE_WORDS = frozenset(
    {"otp", "totp", "mfa", "tfa", "passcode", "verification", "authenticator", "onetime", "authcode", "token", "2fa"}
)
_USER_WORDS = frozenset({"user", "username", "userid", "login", "email", "account", "uid", "usr"})
_CODE = re.compile(r"\d{4,8}")
_SIX_DIGITS = re.compile(r"\d{6}")
_FILE_FIELDS: tuple[tuple[frozenset[str], Purpose], ...] = (
    (frozenset({"invoice", "number"}), "invoice_number"),
    (frozenset({"invoice", "no"}), "invoice_number"),
    (frozenset({"claim"}), "claim_number"),
    (frozenset({"matter"}), "matter"),
    (frozenset({"invoice", "total"}), "total"),
    (frozenset({"invoice", "amount"}), "total"),
)
_LEAVING = (("log", "out"), ("log", "off"), ("sign", "out"), ("sign", "off"))
_LEAVING_WORDS = frozenset({"logout", "logoff", "signout", "signoff"})
_CERTIFYING = frozenset({"certify", "certification", "attest", "attestation", "hereby"})
_PRESSING_WORDS = frozenset({"login", "signin", "log", "sign", "submit", "continue", "next", "verify", "enter", "go"})
_CHOOSER_WORDS = frozenset(
    {"file", "files", "browse", "choose", "attach", "attachment", "dropzone", "drop", "drag", "zone"}
)
_RECEIPT_WORDS = frozenset({"receipt", "confirmation", "reference"})


def login_purpose(action: Action, *, after_secret: bool) -> Purpose:
    """Return what a field of the log-in takes; `after_secret` when a password was typed before."""
    words = words_of(action.selectors)
    asks_code = bool(_CODE_WORDS & set(words)) or {"one", "time"} <= set(words)
    if action.kind == "fill" and _CODE.fullmatch(action.value) and asks_code:
        return "code"
    if after_secret and _SIX_DIGITS.fullmatch(action.value):
        return "code"
    if _SECRET_WORDS & set(words) or any(part in word for word in words for part in _SECRET_PARTS):
        return "secret"
    return "user" if _USER_WORDS & set(words) else ""


def file_purpose(action: Action) -> Purpose:
    """Return what a field beside the file takes, '' when its words do not say."""
    words = set(words_of(action.selectors))
    return next((purpose for needed, purpose in _FILE_FIELDS if needed <= words), "")


def is_leaving(action: Action) -> bool:
    """Whether this signs out."""
    words = words_of(action.selectors) if action.kind == "click" else words_of((action.value,))
    is_pair = any(pair in _LEAVING for pair in pairwise(words))
    return action.kind in {"click", "goto"} and (is_pair or bool(_LEAVING_WORDS & set(words)))


def is_certifying(action: Action) -> bool:
    """Whether this uses a person's authority: 'I certify that …'."""
    return bool(_CERTIFYING & set(words_of(action.selectors)))


def is_cookie_banner(action: Action) -> bool:
    """Whether this answers a banner that is not always there."""
    return action.kind == "click" and bool({"cookie", "cookies"} & set(words_of(action.selectors)))


def is_opening_chooser(action: Action) -> bool:
    """Whether this only opens the window in which a file is chosen."""
    return not action.landed_on and bool(_CHOOSER_WORDS & set(words_of(action.selectors)))


def is_pressing(action: Action) -> bool:
    """Whether the click is on a button that sends a form of the log-in."""
    return bool(_PRESSING_WORDS & set(words_of(action.selectors)))


def is_receipt(action: Action) -> bool:
    """Whether the element shows what the site calls a receipt."""
    return bool(_RECEIPT_WORDS & set(words_of(action.selectors)))


def credential_name(action: Action) -> str:
    """Return a name for a further credential, made of the field's words."""
    first = action.selectors[0] if action.selectors else ""
    words = [word for word in words_of((first,)) if word.isalpha() and word not in {"txt", "input", "id", "xpath"}]
    return "_".join(words)[:30].strip("_") or "other"
