"""What a bill would come to is told without changing it."""

from decimal import Decimal
from functools import partial

import pytest

from core.errors import InvalidInputError
from services.review import proforma_edits
from services.review.previews import amount_after
from tests.builders import id_of
from tests.services.review.edit_desk import WHOLE, EditDesk


def test_a_tried_change_leaves_everything_as_it_was(bill: EditDesk) -> None:
    before = bill.picture()
    change = partial(proforma_edits.write_off, line_id=bill.ids(1)[0], expected_version=1, note="x")
    key = id_of(bill.proforma)
    assert amount_after(bill.session, bill.attorney, proforma_id=key, change=change) == WHOLE - Decimal("427.50")
    assert (bill.picture(), bill.proforma.version, bill.steps()) == (before, 1, [])


def test_a_change_that_is_refused_says_so(bill: EditDesk) -> None:
    change = partial(proforma_edits.write_off, line_id=bill.ids(1)[0], expected_version=1, note="")
    with pytest.raises(InvalidInputError, match="needs a reason"):
        amount_after(bill.session, bill.attorney, proforma_id=id_of(bill.proforma), change=change)
    assert bill.proforma.version == 1
