"""What the profile's page reads and writes, one transaction each."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from core.db import read_only, unit_of_work
from core.settings import get_settings
from models.enums import PermissionBasis, PermissionPurpose
from services.rules.permissions import record_permission, withdraw_permission
from services.sites import profile_codes, profile_mails, profile_traffic
from services.sites.carrier_setup import CarrierHead, carrier_head
from services.sites.carriers import list_carriers
from services.sites.dry_runs import DryRunView, latest_dry_run, request_dry_run
from services.sites.profile_files import read_profile_file
from services.sites.profile_versions import (
    ProfileVersion,
    activate_profile,
    clone_profile,
    compare_versions,
    compare_with_draft,
    list_profile_versions,
    profile_document,
    save_profile,
)
from services.sites.recorded_profiles import ImportedRecording, import_recording
from state.guard import actor

Document = dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """A carrier with its versions, the newest first, and the carriers whose profile can be copied."""

    head: CarrierHead
    versions: list[ProfileVersion]
    others: list[tuple[int, str]]


def read_carrier(carrier_id: int) -> Opened:
    """Read what the page shows beside the draft."""
    with read_only() as session:
        head = carrier_head(session, actor(), carrier_id=carrier_id)
        versions = list_profile_versions(session, actor(), carrier_id=carrier_id)
        rows = list_carriers(session, actor())
    others = [(row.carrier_id, row.name) for row in rows if row.profile_number and row.carrier_id != carrier_id]
    return Opened(head, versions, others)


def read_version(carrier_id: int, number: int) -> Document:
    """Read what a version says."""
    with read_only() as session:
        return profile_document(session, actor(), carrier_id=carrier_id, number=number)


def read_run(carrier_id: int) -> DryRunView | None:
    """Read the newest dry run."""
    with read_only() as session:
        return latest_dry_run(session, actor(), carrier_id=carrier_id)


def read_recording(carrier_id: int, document: Document, text: str) -> ImportedRecording:
    """Read a recording into a draft."""
    with read_only() as session:
        return import_recording(session, actor(), carrier_id=carrier_id, document=document, content=text.encode())


def read_file(text: str) -> tuple[str, Document]:
    """Read a profile's file."""
    return read_profile_file(actor(), content=text.encode())


def differences(carrier_id: int, before: int, after: int | Document) -> list[tuple[str, str]]:
    """Return what differs between a version and another one, or a draft, in words."""
    with read_only() as session:
        if isinstance(after, int):
            found = compare_versions(session, actor(), carrier_id=carrier_id, before=before, after=after)
        else:
            found = compare_with_draft(session, actor(), carrier_id=carrier_id, number=before, document=after)
    return [(one.part, one.text) for one in found]


def save(carrier_id: int, newest: int, document: Document, note: str) -> int:
    """Save a draft as a version."""
    with unit_of_work() as session:
        return save_profile(
            session, actor(), carrier_id=carrier_id, expected_newest=newest, document=document, note=note
        )


def activate(carrier_id: int, number: int, active: int | None, note: str) -> bool:
    """Put a version in force."""
    with unit_of_work() as session:
        activate_profile(session, actor(), carrier_id=carrier_id, number=number, expected_active=active, note=note)
    return True


def clone(from_carrier_id: int, to_carrier_id: int) -> int:
    """Copy another carrier's profile."""
    with unit_of_work() as session:
        return clone_profile(session, actor(), from_carrier_id=from_carrier_id, to_carrier_id=to_carrier_id)


def ask_dry_run(carrier_id: int, document: Document) -> int:
    """Ask for a dry run of a draft."""
    with unit_of_work() as session:
        return request_dry_run(session, actor(), carrier_id=carrier_id, document=document)


def permit(
    site_id: int,
    basis: PermissionBasis,
    named: str,
    given_on: date,
    reference: str,
    conditions: str,
    purpose: PermissionPurpose = PermissionPurpose.AUTOMATION,
) -> bool:
    """Record who allowed automation, or the fast lane."""
    with unit_of_work() as session:
        record_permission(
            session,
            actor(),
            site_id=site_id,
            basis=basis,
            named=named,
            given_on=given_on,
            reference=reference,
            conditions=conditions,
            purpose=purpose,
        )
    return True


def withdraw(site_id: int, reason: str, purpose: PermissionPurpose = PermissionPurpose.AUTOMATION) -> bool:
    """End the permission, or the consent to the fast lane."""
    with unit_of_work() as session:
        withdraw_permission(session, actor(), site_id=site_id, reason=reason, purpose=purpose)
    return True


def switch_form_lane(carrier_id: int, document: Document, *, is_on: bool) -> Document:
    """Ask for the fast lane in a draft, or not any more."""
    with read_only() as session:
        return profile_traffic.switch_form_lane(session, actor(), carrier_id=carrier_id, document=document, is_on=is_on)


def keep_people(document: Document, text: str) -> Document:
    """Put approved people and rates into a draft."""
    with read_only() as session:
        return profile_codes.with_people(session, actor(), document=document, text=text)


def rates_in_force(carrier_id: int) -> str:
    """Read the rates by person that are billed today, as a table."""
    with read_only() as session:
        return profile_codes.rates_in_force(session, actor(), carrier_id=carrier_id)


def try_mail(document: Document, mail: str, subject: str) -> profile_mails.Reading:
    """Read a pasted mail by a draft's rules; nothing is kept."""
    return profile_mails.try_mail(actor(), document, mail=mail, subject=subject, settings=get_settings())
