"""Pages about what carriers answer."""
