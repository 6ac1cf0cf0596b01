"""Pages of mail and paper."""
