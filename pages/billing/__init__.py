"""Pages about billing runs."""
