"""Pages about the workbench for LEDES files."""
