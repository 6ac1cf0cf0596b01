"""The points at which a worker can meet its fate: steps of the ledger and of the browser, in their order."""

ACCOUNT = ("account_taken", "browser_started", "login_opened", "login_typed", "login_clicked", "signed_in")
LOOK = ("claimed", "look_opened", "looked")
SEND = ("upload_opened", "file_chosen", "before_intent", "intent_written", "clicked", "answered", "receipt_read")
SECOND_CLICK = ("submit_opened", "before_intent_2", "intent_written_2", "clicked_2", "answered_2")
AFTER = ("delivered", "decision_due", "result_opened", "result_read", "decision_written", "signed_out", "releasing")

POINTS = (*ACCOUNT, *LOOK, *SEND, *SECOND_CLICK, *AFTER)
