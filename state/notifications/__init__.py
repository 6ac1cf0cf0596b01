"""State of the pages of notifications: what one was told, what one chose, and every message for administrators."""
