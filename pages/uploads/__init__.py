"""Pages about submissions to carriers' sites."""
