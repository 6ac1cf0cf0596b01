"""State of the reports: one at a time, the saved ones, those that come by mail."""
