"""Signing in and out: OpenID Connect with code, PKCE, state and nonce; the issuer is checked here."""

import asyncio
from functools import lru_cache
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route

from billing_app.doorway import is_own_origin
from billing_app.local_path import local_path
from billing_app.sign_in_page import Problem, sign_in_page
from billing_app.signing_key import signing_key
from core.db import unit_of_work
from core.errors import DeniedError
from core.ids import correlated
from core.log import get_logger
from core.settings import get_settings
from services.identity import Claims, identify
from services.sessions import end_session, find_principal, open_session
from state.doorkeeper import cookie_name, session_cookie

_MINUTES_10 = 600
_log = get_logger(__name__)


class ForeignIssuerError(DeniedError):
    """The answer names another issuer than ours."""

    code = "foreign_issuer"


@lru_cache(maxsize=1)
def provider() -> Any:  # noqa: ANN401 -- authlib ships no types
    """Return the client of the firm's identity provider; its metadata is fetched at the first sign-in."""
    settings = get_settings()
    return OAuth().register(
        name="firm",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        server_metadata_url=f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )


def redirect_uri() -> str:
    """Return where the provider sends people back to; from settings, never from the request's Host."""
    return f"{get_settings().public_url}/auth/callback"


async def login(request: Request) -> Response:
    """Send the browser to the provider, remembering where it wanted to go."""
    request.session["next"] = local_path(request.query_params.get("next", ""))
    try:
        answer: Response = await provider().authorize_redirect(request, redirect_uri())
    except (httpx.HTTPError, AuthlibBaseError, ValueError, RuntimeError) as away:
        _log.warning("sign_in:provider_unreachable", reason=type(away).__name__)
        return sign_in_page(Problem.PROVIDER_AWAY, status=503)
    return answer


async def callback(request: Request) -> Response:
    """Take the provider's answer, open a session, and go where the person wanted to go."""
    wanted = local_path(str(request.session.pop("next", "")))
    with correlated():
        try:
            claims = await _claims(request)
            cookie = await asyncio.to_thread(_open, claims, session_cookie(request.headers.get("cookie", "")))
        except DeniedError as refused:
            _log.warning("sign_in:refused", code=refused.code)
            return sign_in_page(refused.user_message, status=403)
        except (AuthlibBaseError, JoseError, ValueError) as wrong:
            _log.warning("sign_in:failed", reason=type(wrong).__name__)
            return sign_in_page(Problem.FAILED, status=400)
        except httpx.HTTPError as away:
            _log.warning("sign_in:provider_unreachable", reason=type(away).__name__)
            return sign_in_page(Problem.PROVIDER_AWAY, status=503)
    return _with_session(RedirectResponse(wanted, status_code=303), cookie)


async def logout(request: Request) -> Response:
    """End this browser's session; only the portal's own pages may ask for it."""
    if not is_own_origin(request.headers):
        return sign_in_page(Problem.FOREIGN_ORIGIN, status=403)
    await asyncio.to_thread(_end, session_cookie(request.headers.get("cookie", "")))
    answer = RedirectResponse("/sign-in?problem=signed_out", status_code=303)
    answer.delete_cookie(cookie_name(), path="/", secure=_is_secure(), httponly=True, samesite="lax")
    return answer


def auth_routes() -> Mount:
    """Return the routes under /auth; the signed cookie of a sign-in under way exists there only."""
    under_way = Middleware(
        SessionMiddleware,
        secret_key=signing_key(),
        session_cookie="billing_sign_in",
        max_age=_MINUTES_10,
        path="/auth",
        same_site="lax",
        https_only=_is_secure(),
    )
    routes = [
        Route("/login", login, methods=["GET"]),
        Route("/callback", callback, methods=["GET"]),
        Route("/logout", logout, methods=["POST"]),
    ]
    return Mount("/auth", routes=routes, middleware=[under_way])


async def _claims(request: Request) -> Claims:
    issuer = get_settings().oidc_issuer
    metadata = await provider().load_server_metadata()
    named = request.query_params.get("iss")
    must_name = bool(metadata.get("authorization_response_iss_parameter_supported"))
    if metadata.get("issuer") != issuer or (named != issuer and (must_name or named is not None)):
        raise _foreign_issuer()
    options = {"iss": {"essential": True, "value": issuer}, "sub": {"essential": True}}
    token = await provider().authorize_access_token(request, claims_options=options)
    person = token.get("userinfo")
    if not person or person.get("iss") != issuer:
        raise _foreign_issuer()
    return Claims(str(person["sub"]), str(person.get("email", "")), person.get("email_verified") is True)


def _foreign_issuer() -> ForeignIssuerError:
    return ForeignIssuerError(
        "The answer did not come from the firm's identity provider, so you were not signed in. Start again from here."
    )


def _open(claims: Claims, earlier_cookie: str) -> str:
    with unit_of_work() as session:
        user = identify(session, claims)
        if (earlier := find_principal(session, earlier_cookie)) is not None:
            end_session(session, earlier)
        return open_session(session, user)


def _end(cookie: str) -> None:
    with unit_of_work() as session:
        if (person := find_principal(session, cookie)) is not None:
            end_session(session, person)


def _with_session(answer: Response, cookie: str) -> Response:
    hours = get_settings().session_absolute_hours
    answer.set_cookie(
        cookie_name(), cookie, max_age=hours * 3600, path="/", secure=_is_secure(), httponly=True, samesite="lax"
    )
    return answer


def _is_secure() -> bool:
    return not get_settings().is_loopback_http
