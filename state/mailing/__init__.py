"""State of the pages of mail and paper."""
