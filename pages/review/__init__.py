"""Pages about the review of proformas."""
