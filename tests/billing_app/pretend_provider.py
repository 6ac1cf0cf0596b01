"""An identity provider in memory: answers discovery, keys and tokens, and can be told to lie."""

import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.integrations.starlette_client import OAuth
from joserfc import jwt
from joserfc.jwk import RSAKey

ISSUER = "https://id.firm.example"
KEY = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "k1"}, auto_kid=False)


@dataclass
class PretendProvider:
    """`claims` override what the id token says; `metadata` what discovery says."""

    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: KEY)
    nonce: str = ""
    is_down: bool = False
    token_requests: list[dict[str, list[str]]] = field(default_factory=list)

    def client(self) -> Any:
        """Return the portal's client of this provider."""
        return OAuth().register(
            name="firm",
            client_id="billing-portal",
            client_secret="practice-only",
            server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "transport": httpx.MockTransport(self._answer),
            },
        )

    def remember(self, address: str) -> dict[str, str]:
        """Take the authorization request as a browser brings it; return its parameters."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.nonce = asked["nonce"]
        return asked

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("down")
        if request.url.path == "/token":
            self.token_requests.append(parse_qs(request.content.decode()))
            return httpx.Response(200, json={"access_token": "a", "token_type": "Bearer", "id_token": self._id_token()})
        body = {"keys": [KEY.as_dict(private=False)]} if request.url.path == "/jwks" else self._discovery()
        return httpx.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})

    def _discovery(self) -> dict[str, Any]:
        own = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        return own | self.metadata

    def _id_token(self) -> str:
        at = int(time.time())
        claims = {
            "iss": ISSUER, "aud": "billing-portal", "sub": "idp-1", "iat": at, "exp": at + 300, "nonce": self.nonce,
            "email": "dana.brooks@hwr.example", "email_verified": True,
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims | self.claims, self.key)
