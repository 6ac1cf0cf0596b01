"""Broad handlers are refused, but for the two edges and for those that raise again."""

import pytest

REFUSED = [
    "try:\n    work()\nexcept Exception:\n    pass",
    "try:\n    work()\nexcept BaseException as error:\n    log(error)",
    "try:\n    work()\nexcept (ValueError, Exception):\n    pass",
    "try:\n    work()\nexcept:\n    pass",
    "try:\n    work()\nexcept Exception as error:\n    raise Other from error",
]
ALLOWED = [
    "try:\n    work()\nexcept ValueError:\n    pass",
    "try:\n    work()\nexcept BaseException:\n    undo()\n    raise",
    "with suppress(ProcessLookupError):\n    stop()",
]


@pytest.mark.parametrize("code", REFUSED)
@pytest.mark.parametrize("path", ["services/invoices.py", "sandbox/firm.py", "core/db.py"])
def test_refuse_broad_handler(lint, code, path):
    assert lint(code, path) == [("broad-except", 3)]


@pytest.mark.parametrize("code", ["with suppress(Exception):\n    work()", "with contextlib.suppress(Exception): pass"])
def test_refuse_broad_suppress(lint, code):
    assert lint(code, "services/invoices.py") == [("broad-except", 1)]


@pytest.mark.parametrize("code", ALLOWED)
def test_allow_leaf_or_raise_again(lint, code):
    assert lint(code, "services/invoices.py") == []


@pytest.mark.parametrize("path", ["billing_app/failures.py", "jobs/worker.py", "state/reading.py"])
def test_allow_at_the_edges(lint, path):
    assert lint(REFUSED[0], path) == []
