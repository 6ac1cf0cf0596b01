"""Binary fractions are refused where money passes, and allowed for times."""

import pytest

REFUSED = [
    "amount = float(line.total_amount)",
    "def share_out(amount: float): ...",
    "def total(lines) -> float: ...",
    "rate: float = 0",
    "amounts: list[float] = []",
    "time_entry_total: float = 0",
    "def add(x, *, fee: float | None = None): ...",
]
ALLOWED = [
    "def wait(lease_seconds: float): ...",
    "deadline: float = 0",
    "def hold(file, taken_at: float): ...",
    "def code(clock: Callable[[], float], sleep: Callable[[float], None]): ...",
    "def retry_delay_ms(attempt: int, scale: float) -> int: ...",
    "def elapsed_seconds() -> float: ...",
    "def report(progress: float): ...",
    "amount: Decimal = ZERO",
    "isinstance(value, float)",
]


@pytest.mark.parametrize("code", REFUSED)
@pytest.mark.parametrize("path", ["core/money.py", "ledes/writer.py", "services/invoices.py", "models/invoice.py"])
def test_refuse_float(lint, code, path):
    assert lint(code, path) == [("float-money", 1)]


@pytest.mark.parametrize("code", ALLOWED)
def test_allow_times_and_exact_numbers(lint, code):
    assert lint(code, "services/invoices.py") == []


def test_allow_float_away_from_money(lint):
    assert lint("width = float(text)", "carriers/browser.py") == []
