"""Pages about carriers, their sites and profiles."""
