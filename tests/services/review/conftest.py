"""What the tests of edits start from."""

import pytest
from sqlmodel import Session

from tests.services.review.edit_desk import EditDesk, make_edit_desk


@pytest.fixture
def bill(session: Session) -> EditDesk:
    """A proforma under edit."""
    return make_edit_desk(session)
