"""Teams: made, changed and taken apart by administrators; nobody is in two."""

import pytest
from sqlmodel import Session, select

from core.errors import DeniedError, InvalidInputError, StaleVersionError
from models import AuditEvent, User
from models.enums import Role
from services.actor import Actor, actor_of
from services.review.review_notices import leads_of
from services.review.teams import change_team, create_team, delete_team, list_teams
from tests.builders import id_of, make_biller, make_team, make_user


@pytest.fixture
def boss(session: Session) -> Actor:
    return actor_of(make_user(session, Role.ADMIN))


@pytest.fixture
def people(session: Session) -> list[User]:
    return [make_user(session, Role.ATTORNEY, name=name) for name in ("Ana Reyes", "Ben Cole", "Pia Stone")]


def test_team_is_made_changed_and_taken_apart(session, boss, people) -> None:
    ana, ben, pia = people
    team = create_team(session, boss, name="  Property   East ", lead_id=id_of(pia), member_ids=[id_of(ana)])
    [row] = list_teams(session, boss)
    assert (row.name, row.lead_name, row.members) == ("Property East", "Pia Stone", ((ana.id, "Ana Reyes"),))
    assert leads_of(session, [id_of(one) for one in people]) == {ana.id: pia.id}
    values = {"name": "Property", "lead_id": id_of(ben), "member_ids": [id_of(ana), id_of(ben), id_of(ana)]}
    with pytest.raises(StaleVersionError):
        change_team(session, boss, team_id=id_of(team), expected_version=7, **values)
    change_team(session, boss, team_id=id_of(team), expected_version=1, **values)
    assert [name for _, name in list_teams(session, boss)[0].members] == ["Ana Reyes", "Ben Cole"]
    assert leads_of(session, [id_of(ana), id_of(ben)]) == {ana.id: ben.id, ben.id: ben.id}
    delete_team(session, boss, team_id=id_of(team), expected_version=2)
    assert (list_teams(session, boss), leads_of(session, [id_of(ana)])) == ([], {})
    last = session.exec(select(AuditEvent).where(AuditEvent.tag == "team:deleted")).one()
    assert last.data["member_ids"] == [ana.id, ben.id]


def test_team_refuses_names_and_people_that_cannot_be(session, boss, people) -> None:
    ana, ben, pia = people
    make_team(session, ana, lead=pia, name="Property")
    biller = id_of(make_user(session, Role.BILLER))
    wrong: list[tuple[dict[str, object], str]] = [
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 81}, "needs a name"),
        ({"name": "PROPERTY"}, "a team PROPERTY already"),
        ({"lead_id": biller}, "lead a team"),
        ({"member_ids": []}, "at least one attorney"),
        ({"member_ids": [biller]}, "be in a team"),
        ({"member_ids": [id_of(ana)]}, "Ana Reyes is in team Property"),
    ]
    for more, sentence in wrong:
        values = {"name": "Liability", "lead_id": id_of(pia), "member_ids": [id_of(ben)], **more}
        with pytest.raises(InvalidInputError, match=sentence):
            create_team(session, boss, **values)
    assert len(list_teams(session, boss)) == 1


def test_teams_are_for_administrators(session, people) -> None:
    values = {"name": "Property", "lead_id": id_of(people[0]), "member_ids": [id_of(people[1])]}
    for who in (make_biller(session), actor_of(people[0])):
        with pytest.raises(DeniedError):
            create_team(session, who, **values)
        with pytest.raises(DeniedError):
            list_teams(session, who)
