"""A draft that can be walked through already: what a dry run does not need may still be missing."""

from typing import Any

from carriers.profile import CarrierProfile, InvalidProfileError, load_profile

_NEVER = "#never-reached"
_PROFILE: dict[str, Any] = {
    "format": {},
    "codes": {},
    "guidelines": [],
    "result_channel": {"kind": "at_once"},
    "money": {"appeal_window_days": 0, "payment_terms_days": 0},
}
_SITE: dict[str, Any] = {
    "title": "The carrier's site",
    "allowed_hosts": ["{site_host}"],
    "credentials": [{"name": "username", "label": "User name", "kind": "plain"}],
    "pages": {},
    "outcomes": [{"signal": "site_unavailable", "selectors": [_NEVER]}],
    "decisions": {"Approved": "approved"},
}
_COLUMNS = dict.fromkeys(("invoice_number", "receipt", "amount", "status"), _NEVER)
_STEPS: dict[str, Any] = {
    "find_invoice": [
        {
            "verb": "read_table",
            "label": "Not said yet",
            "table": {"selectors": [_NEVER], "columns": _COLUMNS},
            "into": "invoices",
            "empty": [_NEVER],
        }
    ],
    "read_result": [{"verb": "read", "label": "Not said yet", "selectors": [_NEVER], "into": "decision"}],
    "logout": [{"verb": "wait_for", "label": "Not said yet", "selectors": ["html"]}],
}


def load_rehearsable(document: dict[str, Any]) -> CarrierProfile:
    """Read a draft for a dry run: it needs a log-in and the steps up to the file, all else may still be missing.

    Raises:
        InvalidProfileError: with every problem of what is there.
    """
    try:
        return load_profile(document)
    except InvalidProfileError:
        return load_profile(_filled(document))


def _filled(document: dict[str, Any]) -> dict[str, Any]:
    site = _with_rest(document.get("site"), _SITE)
    steps = _with_rest(site.get("steps"), _STEPS)
    upload = steps.get("upload")
    if isinstance(upload, list):
        steps["upload"] = [*upload, *_ending([step for step in upload if isinstance(step, dict)])]
        site["pages"] = {**_with_rest(site.get("pages"), {}), "never": {"is_here": [_NEVER]}}
    return {**_with_rest(document, _PROFILE), "site": {**site, "steps": steps}}


def _ending(upload: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what every upload must end with, where the draft has none of it; a dry run never comes there."""
    ending: list[dict[str, Any]] = []
    if not any(step.get("verb") == "upload" for step in upload):
        ending.append({"verb": "upload", "label": "Not said yet", "selectors": [_NEVER]})
    if not any(step.get("commit") is True for step in upload):
        ending.append({"verb": "expect", "label": "Not said yet", "page": "never"})
        ending.append({"verb": "click", "label": "Not said yet", "selectors": [_NEVER], "commit": True})
    if not any(step.get("into") == "receipt" for step in upload):
        ending.append({"verb": "read", "label": "Not said yet", "selectors": [_NEVER], "into": "receipt"})
    return ending


def _with_rest(given: object, rest: dict[str, Any]) -> dict[str, Any]:
    """Return an object with stand-ins for what is missing or empty in it."""
    return {**rest, **{k: v for k, v in given.items() if v or k not in rest}} if isinstance(given, dict) else dict(rest)
