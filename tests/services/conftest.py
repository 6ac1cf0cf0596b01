"""People whom many tests of services need."""

import pytest

from core.db import Database
from models.enums import Role
from services.actor import Actor
from tests.builders import actor_for, make_user


@pytest.fixture
def admin(database: Database) -> Actor:
    """Return a stored administrator."""
    with database.unit_of_work() as session:
        return actor_for(make_user(session, Role.ADMIN))
