"""Who may open a proforma, asked the other way round, is who `reviewers` lets in, and costs two statements."""

from datetime import timedelta

from sqlmodel import Session, select

from core.clock import today
from core.db import Database
from models import Proforma, ProformaApproval, User
from models.enums import ApprovalStatus, ApproverKind, ProformaStatus, Role, StageMode, TermStatus
from services.actor import actor_of
from services.review.proforma_readers import readers_of
from services.review.reviewers import may_see
from tests.builders import (
    id_of,
    make_absence,
    make_delegation,
    make_forward,
    make_matter,
    make_proforma,
    make_team,
    make_user,
)
from tests.services.counting import counted


def attorney(session: Session, name: str) -> User:
    return make_user(session, Role.ATTORNEY, name=name)


def ask(session: Session, proforma: Proforma, approver: User | None, status: ApprovalStatus, by: User | None) -> None:
    session.add(
        ProformaApproval(
            proforma_id=id_of(proforma), stage=2, approver_kind=ApproverKind.PERSON,
            approver_id=approver and id_of(approver), mode=StageMode.ALL, status=status, edition=1,
            given_by_id=by and id_of(by),
        )
    )  # fmt: skip
    session.flush()


def make_house(session: Session) -> tuple[Proforma, dict[str, User]]:
    """Make a proforma and somebody for every right there is, with their opposites."""
    names = (
        "Owner", "Substitute", "Former substitute", "Delegate", "Delegate of the matter", "Delegate of another",
        "Revoked", "Expired", "Receiver", "Former receiver", "Approver", "Asked later", "Void approver", "Giver",
        "Approver's substitute", "Approver's delegate", "Approver's helper", "Lead", "Lead of others", "Stranger",
    )  # fmt: skip
    who = {name: attorney(session, name) for name in names}
    matter = make_matter(session, attorney=who["Owner"])
    other = make_matter(session, attorney=who["Owner"])
    proforma = make_proforma(session, matter=matter, status=ProformaStatus.IN_APPROVAL)
    elsewhere = make_proforma(session, matter=other)
    make_absence(session, user=who["Owner"], substitute=who["Substitute"])
    make_absence(session, user=who["Owner"], substitute=who["Former substitute"], status=TermStatus.ENDED)
    make_absence(session, user=who["Approver"], substitute=who["Approver's substitute"])
    make_delegation(session, principal=who["Owner"], delegate=who["Delegate"])
    make_delegation(session, principal=who["Owner"], delegate=who["Delegate of the matter"], matter=matter)
    make_delegation(session, principal=who["Owner"], delegate=who["Delegate of another"], matter=other)
    make_delegation(session, principal=who["Owner"], delegate=who["Revoked"], status=TermStatus.ENDED)
    make_delegation(session, principal=who["Owner"], delegate=who["Expired"], until_on=today() - timedelta(days=1))
    make_delegation(session, principal=who["Approver"], delegate=who["Approver's delegate"])
    make_delegation(session, principal=who["Approver"], delegate=who["Approver's helper"], can_approve=False)
    make_forward(session, proforma=proforma, to=who["Receiver"])
    make_forward(session, proforma=elsewhere, to=who["Former receiver"])
    ask(session, proforma, who["Approver"], ApprovalStatus.WAITING, None)
    ask(session, proforma, who["Asked later"], ApprovalStatus.PENDING, None)
    ask(session, proforma, who["Void approver"], ApprovalStatus.VOID, None)
    ask(session, proforma, None, ApprovalStatus.GIVEN, who["Giver"])
    make_team(session, who["Owner"], lead=who["Lead"])
    make_team(session, who["Stranger"], lead=who["Lead of others"])
    for role in (Role.BILLER, Role.ADMIN):
        who[role] = make_user(session, role, name=f"The {role}")
    session.flush()
    return proforma, who


def test_readers_are_those_who_may_open_it(session: Session) -> None:
    proforma, _ = make_house(session)
    people = session.exec(select(User)).all()
    expected = {person.name for person in people if may_see(session, actor_of(person), proforma)}
    found = [name for _, name in readers_of(session, proforma)]
    assert found == sorted(found)
    assert set(found) == expected
    assert {"Owner", "Substitute", "Delegate of the matter", "Receiver", "Giver", "Lead", "The biller"} <= expected
    assert expected.isdisjoint({"Stranger", "Revoked", "Expired", "Delegate of another", "Void approver"})


def test_number_of_statements_does_not_grow_with_people(database: Database, session: Session) -> None:
    proforma, _ = make_house(session)
    with counted(database) as seen:
        readers_of(session, proforma)
    assert len(seen) == 2
