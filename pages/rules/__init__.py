"""Pages about carriers' guidelines."""
