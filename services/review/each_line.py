"""One thing done to many lines of a proforma: all of them, or none."""

from collections.abc import Callable, Sequence

from core.errors import InvalidInputError, WrongStateError
from models import ProformaLine
from services.review.line_edits import Change, check_stands

_MOST = 500
OneLine = Callable[[Change, ProformaLine], None]


def do_to_each(change: Change, line_ids: Sequence[int], do: OneLine, note: str) -> None:
    """Do one thing to lines that stand for themselves; called within `changing`, which leaves nothing half done.

    Raises:
        InvalidInputError: no line, too many, or one that this cannot be done to, which is named.
    """
    chosen = list(dict.fromkeys(line_ids))
    if not 0 < len(chosen) <= _MOST:
        raise InvalidInputError(f"Choose 1 to {_MOST} lines. Nothing was changed.")
    for line_id in chosen:
        line = change.line(line_id)
        try:
            check_stands(line)
            do(change, line)
        except (InvalidInputError, WrongStateError) as refused:
            message = f"Line {line.line_number}: {refused.user_message} None of the chosen lines was changed."
            raise InvalidInputError(message, line_id=line_id) from refused
        line.note = note or line.note
