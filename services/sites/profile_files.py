"""A profile as a file: handed to a colleague, kept, or carried to another environment. It holds no secret."""

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from carriers.profile import load_profile
from carriers.recordings.document import read_document, text_in
from core.errors import InvalidInputError
from models import Carrier, CarrierProfileVersion, Site, SiteAccount
from models.enums import Role
from services.access import require
from services.actor import Actor
from services.lifecycle import get

KIND = "carrier-profile"
SCHEMA = 1


class UnreadableProfileError(InvalidInputError):
    """The file is no profile that this version of the product can read."""

    code = "unreadable_profile"

    def __init__(self, what: str) -> None:
        super().__init__(f"The file was not read: {what} Nothing was changed.")


@dataclass(frozen=True)
class ProfileFile:
    """A file on its way out."""

    name: str
    content: bytes


def export_profile(session: Session, actor: Actor, *, version_id: int) -> ProfileFile:
    """Return a version as a file. Log-ins are not in it: a profile names credentials, it never holds them.

    Raises:
        DeniedError: the actor is no admin.
        NotFoundError: there is no such version.
    """
    require(actor, Role.ADMIN, what="Exporting a carrier's profile")
    version: CarrierProfileVersion = get(session, CarrierProfileVersion, version_id)
    carrier: Carrier = get(session, Carrier, version.carrier_id)
    account: SiteAccount = get(session, SiteAccount, carrier.site_account_id)
    site: Site = get(session, Site, account.site_id)
    envelope = {
        "kind": KIND,
        "schema": SCHEMA,
        "carrier": {"name": carrier.name, "client_code": carrier.client_code},
        "site": {"name": site.name, "platform": site.platform},
        "version": version.number,
        "profile": version.document,
    }
    content = json.dumps(envelope, indent=2, ensure_ascii=False).encode()
    return ProfileFile(f"{carrier.slug}-profile-v{version.number}.json", content)


def read_profile_file(actor: Actor, *, content: bytes) -> tuple[str, dict[str, Any]]:
    """Return whose profile a file holds, 'Harbor Mutual, version 3', and what it says, ready to be edited.

    Raises:
        DeniedError: the actor is no admin.
        UnreadableRecordingError: it is no JSON object, or far too large.
        UnreadableProfileError: it is no profile, or one of a later version of the product.
        InvalidProfileError: with every problem and where it stands.
    """
    require(actor, Role.ADMIN, what="Importing a carrier's profile")
    envelope = read_document(content)
    schema, document = envelope.get("schema"), envelope.get("profile")
    if envelope.get("kind") != KIND or not isinstance(document, dict):
        raise UnreadableProfileError("it holds no carrier's profile. Export one on the page of a carrier's profile.")
    if type(schema) is not int or not 1 <= schema <= SCHEMA:
        raise UnreadableProfileError(f"its schema is {str(schema)[:20]}, and {SCHEMA} is the newest one known here.")
    profile = load_profile(document)
    carrier = envelope.get("carrier")
    name = text_in(carrier, "name")[:120] if isinstance(carrier, dict) else ""
    return f"{name or 'A carrier'}, version {str(envelope.get('version'))[:10]}", profile.model_dump(mode="json")
