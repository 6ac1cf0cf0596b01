"""Profiles as versions: saved whole or not at all, in force one at a time, taken back, copied, carried as a file."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from carriers.profile import InvalidProfileError
from carriers.seeds import seed_profiles
from core.errors import DeniedError, InvalidInputError, NotFoundError, StaleVersionError, WrongStateError
from models import AuditEvent, Carrier, CarrierProfileVersion
from models.enums import Role
from services.actor import Actor
from services.sites.profile_files import UnreadableProfileError, export_profile, read_profile_file
from services.sites.profile_versions import (
    activate_profile,
    active_number,
    clone_profile,
    compare_versions,
    compare_with_draft,
    list_profile_versions,
    profile_document,
    save_profile,
)
from services.sites.recorded_profiles import import_recording
from tests.builders import (
    actor,
    actor_for,
    id_of,
    make_carrier,
    make_invoice,
    make_user,
)
from tests.builders import (
    profile_document as small_profile,
)

RECORDING = Path(__file__).parents[2] / "carriers" / "recordings" / "harbor-mutual.recorder.json"


@pytest.fixture
def admin(session: Session) -> Actor:
    return actor_for(make_user(session, Role.ADMIN, name="Ada Quinn"))


@pytest.fixture
def carrier(session: Session) -> Carrier:
    return make_carrier(session, name="Harbor Mutual")


def later(**money: Any) -> dict[str, Any]:
    document = small_profile()
    document["money"] |= {"payment_terms_days": 45, **money}
    return document


def newest(session: Session, carrier: Carrier) -> int:
    return list_profile_versions(session, actor(Role.ADMIN), carrier_id=id_of(carrier))[0].version_id


def save(session: Session, admin: Actor, carrier: Carrier, **changes: Any) -> int:
    given = {"document": later(), "expected_newest": 1, "note": "New terms", **changes}
    return save_profile(session, admin, carrier_id=id_of(carrier), **given)


def activate(session: Session, admin: Actor, carrier: Carrier, number: int, expected: int | None = 1, note: str = "Go"):
    activate_profile(session, admin, carrier_id=id_of(carrier), number=number, expected_active=expected, note=note)


def test_save_adds_a_version_that_is_not_in_force(session: Session, admin: Actor, carrier: Carrier):
    assert save(session, admin, carrier) == 2
    listed = list_profile_versions(session, admin, carrier_id=id_of(carrier))
    assert [(one.number, one.is_active, one.author, one.note) for one in listed] == [
        (2, False, "Ada Quinn", "New terms"),
        (1, True, "", ""),
    ]
    event = session.scalars(select(AuditEvent).where(col(AuditEvent.tag) == "carrier:profile_saved")).one()
    assert (event.subject_id, event.data["number"]) == (id_of(carrier), 2)


def test_save_refuses_an_invalid_profile_and_says_where(session: Session, admin: Actor, carrier: Carrier):
    broken = later(payment_terms_days=-1)
    broken["site"]["steps"]["upload"][0]["page"] = "elsewhere"
    with pytest.raises(InvalidProfileError) as invalid:
        save(session, admin, carrier, document=broken)
    assert {where for where, _ in invalid.value.problems} == {"site", "money.payment_terms_days"}
    assert len(list_profile_versions(session, admin, carrier_id=id_of(carrier))) == 1


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"note": " "}, InvalidInputError),
        ({"document": small_profile()}, InvalidInputError),
        ({"expected_newest": 0}, StaleVersionError),
    ],
    ids=["no note", "nothing differs", "saved meanwhile"],
)
def test_save_refuses(
    session: Session, admin: Actor, carrier: Carrier, changes: dict[str, Any], refused: type[Exception]
):
    with pytest.raises(refused):
        save(session, admin, carrier, **changes)
    assert len(list_profile_versions(session, admin, carrier_id=id_of(carrier))) == 1


def test_activate_puts_one_version_in_force_and_rolls_back(session: Session, admin: Actor, carrier: Carrier):
    save(session, admin, carrier)
    activate(session, admin, carrier, 2)
    assert active_number(session, id_of(carrier)) == 2
    activate(session, admin, carrier, 1, expected=2, note="The new terms were wrong")
    active = select(CarrierProfileVersion).where(col(CarrierProfileVersion.is_active))
    assert [one.number for one in session.scalars(active)] == [1]
    tags = session.scalars(
        select(col(AuditEvent.tag))
        .where(col(AuditEvent.tag).startswith("carrier:profile_"))
        .order_by(col(AuditEvent.id))
    )
    assert list(tags) == ["carrier:profile_saved", "carrier:profile_activated", "carrier:profile_rolled_back"]


@pytest.mark.parametrize(
    ("number", "expected", "note", "refused"),
    [
        (2, 1, "", InvalidInputError),
        (2, 2, "Go", StaleVersionError),
        (1, 1, "Go", WrongStateError),
        (9, 1, "Go", NotFoundError),
    ],
    ids=["no note", "another came into force", "in force already", "unknown"],
)
def test_activate_refuses(
    session: Session, admin: Actor, carrier: Carrier, number: int, expected: int, note: str, refused: type[Exception]
):
    save(session, admin, carrier)
    with pytest.raises(refused):
        activate(session, admin, carrier, number, expected, note)
    assert active_number(session, id_of(carrier)) == 1


def test_compare_says_in_words_what_differs(session: Session, admin: Actor, carrier: Carrier):
    save(session, admin, carrier)
    between = compare_versions(session, admin, carrier_id=id_of(carrier), before=1, after=2)
    draft = compare_with_draft(session, admin, carrier_id=id_of(carrier), number=1, document=later())
    assert [(one.part, one.text) for one in between] == [("Money", "payment terms days: 30 became 45")]
    assert draft == between


def test_clone_copies_the_version_in_force(session: Session, admin: Actor, carrier: Carrier):
    save(session, admin, carrier)
    other = make_carrier(session, with_profile=False)
    assert clone_profile(session, admin, from_carrier_id=id_of(carrier), to_carrier_id=id_of(other)) == 1
    (version,) = list_profile_versions(session, admin, carrier_id=id_of(other))
    assert (version.is_active, version.note) == (False, "Copied from Harbor Mutual, version 1")
    copied = profile_document(session, admin, carrier_id=id_of(other), number=1)
    assert copied["money"]["payment_terms_days"] == 30
    activate(session, admin, other, 1, expected=None)
    assert active_number(session, id_of(other)) == 1


def test_clone_refuses_itself_and_a_source_without_profile(session: Session, admin: Actor, carrier: Carrier):
    empty = make_carrier(session, with_profile=False)
    with pytest.raises(InvalidInputError):
        clone_profile(session, admin, from_carrier_id=id_of(carrier), to_carrier_id=id_of(carrier))
    with pytest.raises(NotFoundError):
        clone_profile(session, admin, from_carrier_id=id_of(empty), to_carrier_id=id_of(carrier))


def test_export_reads_back_and_holds_no_log_in(session: Session, admin: Actor):
    document = seed_profiles()["granite-surety"].model_dump(mode="json")
    carrier = make_carrier(session, name="Granite Surety", profile=document)
    file = export_profile(session, admin, version_id=newest(session, carrier))
    title, read = read_profile_file(admin, content=file.content)
    assert (file.name, title) == (f"{carrier.slug}-profile-v1.json", "Granite Surety, version 1")
    assert read == document
    assert set(json.loads(file.content)) == {"kind", "schema", "carrier", "site", "version", "profile"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "other"}, "holds no carrier's profile"),
        ({"profile": []}, "holds no carrier's profile"),
        ({"schema": 2}, "schema is 2"),
        ({"schema": True}, "schema is True"),
        ({"schema": None}, "schema is None"),
    ],
)
def test_import_refuses_what_it_cannot_read(session: Session, admin: Actor, carrier: Carrier, change: Any, said: str):
    file = export_profile(session, admin, version_id=newest(session, carrier))
    with pytest.raises(UnreadableProfileError, match=said):
        read_profile_file(admin, content=json.dumps(json.loads(file.content) | change).encode())


def test_import_names_what_is_wrong_in_a_file(session: Session, admin: Actor, carrier: Carrier):
    envelope = json.loads(export_profile(session, admin, version_id=newest(session, carrier)).content)
    del envelope["profile"]["money"]
    with pytest.raises(InvalidProfileError) as invalid:
        read_profile_file(admin, content=json.dumps(envelope).encode())
    assert invalid.value.problems[0][0] == "money"


def test_recording_knows_the_firms_numbers(session: Session, admin: Actor):
    carrier = make_carrier(session, name="Harbor Mutual")
    invoice = make_invoice(session)
    recording = json.loads(RECORDING.read_text())
    typed = {"type": "change", "target": "main", "selectors": [["#search"]], "value": invoice.number}
    recording["steps"].insert(-5, typed)
    imported = import_recording(
        session, admin, carrier_id=id_of(carrier), document=small_profile(), content=json.dumps(recording).encode()
    )
    upload = imported.document["site"]["steps"]["upload"]
    assert [step["value"] for step in upload if step["verb"] == "fill"] == ["{invoice_number}"]
    assert imported.steps["login"] == len(imported.document["site"]["steps"]["login"])
    assert imported.remarks[0].text.startswith("It was recorded at http://harbor.localhost:8800")
    assert "Winter-Quay-88" not in repr(imported)


@pytest.mark.parametrize("role", [Role.BILLER, Role.ATTORNEY])
def test_profiles_are_for_admins(session: Session, carrier: Carrier, role: Role):
    who, carrier_id = actor(role), id_of(carrier)
    for call in (
        lambda: list_profile_versions(session, who, carrier_id=carrier_id),
        lambda: profile_document(session, who, carrier_id=carrier_id, number=1),
        lambda: save_profile(session, who, carrier_id=carrier_id, expected_newest=1, document=later(), note="x"),
        lambda: activate(session, who, carrier, 1),
        lambda: compare_versions(session, who, carrier_id=carrier_id, before=1, after=1),
        lambda: compare_with_draft(session, who, carrier_id=carrier_id, number=1, document=later()),
        lambda: clone_profile(session, who, from_carrier_id=carrier_id, to_carrier_id=carrier_id),
        lambda: export_profile(session, who, version_id=1),
        lambda: read_profile_file(who, content=b"{}"),
        lambda: import_recording(session, who, carrier_id=carrier_id, document={}, content=b"{}"),
    ):
        with pytest.raises(DeniedError):
            call()
