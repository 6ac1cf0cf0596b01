"""What became of invoices that were sent, in words."""

from services.mailing.dispatching import SendResult
from state.words import counted


def sent_words(result: SendResult) -> str:
    """Return how many wait where: 'Queued: 2 invoices to be uploaded, 1 invoice to be mailed.'."""
    ways = (
        (result.uploading, "to be uploaded (Submissions)"),
        (result.mailing, "to be mailed (Mail and paper)"),
        (result.printing, "to be printed (Mail and paper)"),
    )
    parts = [f"{counted(count, 'invoice')} {way}" for count, way in ways if count]
    return f"Queued: {', '.join(parts)}." if parts else "No invoice was queued."
