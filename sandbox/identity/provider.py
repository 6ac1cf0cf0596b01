"""The provider: `oidc-provider-mock`, told about the firm's people and held to what a real provider does.

The library ignores PKCE, lets a code live for an hour and a nonce come twice, and does not name itself in the
callback; that is added here around it. Its own debugger, self log-in and registration are closed.
"""

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import flask
import jinja2
import oidc_provider_mock
from oidc_provider_mock._storage import Client, ClientAllowAny
from werkzeug.datastructures import ImmutableMultiDict

from sandbox.identity.codes import BoundCodes
from sandbox.identity.people import Directory

_AUTHORIZE, _TOKEN, _DISCOVERY = (
    f"oidc-provider-mock.{name}" for name in ("authorize", "issue_token", "openid_config")
)
_OPEN = {_AUTHORIZE, _TOKEN, _DISCOVERY, *(f"oidc-provider-mock.{name}" for name in ("jwks", "userinfo"))}
_FOUND = 302


def create_provider(directory: Directory, *, client_id: str, client_secret: str) -> flask.Flask:
    """Return the provider as a WSGI application for one confidential client; its issuer is the host it is asked on."""
    app: flask.Flask = oidc_provider_mock.app(
        require_client_registration=True, require_nonce=True, issue_refresh_token=False
    )
    app.debug = False
    app.wsgi_app = app.wsgi_app.app  # type: ignore[attr-defined,method-assign]  # takes the debugger off
    app.jinja_loader = jinja2.ChoiceLoader([jinja2.PackageLoader(__package__ or ""), app.jinja_loader])  # type: ignore[list-item]
    app.context_processor(lambda: {"people": directory.named()})
    codes = BoundCodes()
    app.before_request(_close_the_rest)
    app.before_request(lambda: _know_client(client_id, client_secret))
    app.before_request(lambda: _check_challenge(codes))
    app.before_request(lambda: _become(directory))
    app.after_request(lambda answer: _bind_code(codes, answer))
    app.after_request(_tell_more)
    return app


def _close_the_rest() -> None:
    if flask.request.endpoint not in _OPEN:
        flask.abort(404)


def _know_client(client_id: str, client_secret: str) -> None:
    """Register the portal with the library's store; its redirect address is the portal's own affair on loopback."""
    flask.g.oidc_provider_mock_storage.store_client(
        Client(
            id=client_id,
            secret=client_secret,
            redirect_uris=ClientAllowAny(),
            allowed_scopes=Client.SCOPES_SUPPORTED,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 -- the name of a method
        )
    )


def _check_challenge(codes: BoundCodes) -> flask.Response | None:
    """Refuse a sign-in without an S256 challenge, and a code without the verifier that answers it."""
    asked, form = flask.request.args, flask.request.form
    if flask.request.endpoint == _AUTHORIZE and not _has_challenge(asked):
        return flask.make_response("A code challenge of method S256 is required.", 400)
    if flask.request.endpoint == _TOKEN and not codes.redeem(form.get("code", ""), form.get("code_verifier", "")):
        return flask.make_response({"error": "invalid_grant", "error_description": "The code cannot be used."}, 400)
    return None


def _has_challenge(asked: Any) -> bool:  # noqa: ANN401 -- werkzeug's multi-dict of text
    return bool(asked.get("code_challenge")) and asked.get("code_challenge_method") == "S256"


def _become(directory: Directory) -> None:
    """Turn the chosen e-mail into the firm's person before the library sees the form."""
    who = flask.request.form.get("sub", "").strip()
    if flask.request.endpoint != _AUTHORIZE or flask.request.method != "POST":
        return
    fields = {name: value for name, value in flask.request.form.items() if name != "sub"}
    if who:
        person = directory.find(who)
        user = oidc_provider_mock.User(sub=person.subject, claims=person.claims)
        flask.g.oidc_provider_mock_storage.store_user(user)
        fields["sub"] = person.subject
    flask.request.form = ImmutableMultiDict(fields)


def _bind_code(codes: BoundCodes, answer: flask.Response) -> flask.Response:
    """Bind a fresh code to its challenge, use its nonce up, and name state and issuer in every callback (RFC 9207)."""
    if flask.request.endpoint != _AUTHORIZE or answer.status_code != _FOUND:
        return answer
    target = urlsplit(answer.location or "")
    given = {name: values[0] for name, values in parse_qs(target.query).items()}
    if code := given.get("code"):
        codes.bind(code, flask.request.args["code_challenge"])
        flask.g.oidc_provider_mock_storage.add_nonce(flask.request.args.get("nonce", ""))
    told = {"state": flask.request.args.get("state", ""), **given, "iss": _issuer()}
    answer.location = target._replace(query=urlencode(told)).geturl()
    return answer


def _tell_more(answer: flask.Response) -> flask.Response:
    """Say in the discovery document what is added here, and leave out what is closed."""
    if flask.request.endpoint == _DISCOVERY:
        told = {name: value for name, value in answer.get_json().items() if name not in _CLOSED}
        answer.set_data(flask.json.dumps({**told, **_ADDED}))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _issuer() -> str:
    return flask.request.host_url.rstrip("/")


_CLOSED = {"registration_endpoint", "end_session_endpoint"}
_ADDED: dict[str, object] = {
    "authorization_response_iss_parameter_supported": True,
    "code_challenge_methods_supported": ["S256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    "claims_supported": ["sub", "email", "email_verified", "name"],
}
