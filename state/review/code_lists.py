"""The UTBMS codes that a line's form offers while somebody types."""

from services.rules.code_choices import CodeChoice, code_choices


def offered_codes() -> dict[str, tuple[CodeChoice, ...]]:
    """Return the lists by the name of the field they are for."""
    choices = code_choices()
    return {"task_code": choices.tasks, "activity_code": choices.activities, "expense_code": choices.expenses}
