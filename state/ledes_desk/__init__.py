"""Server state of the pages about the workbench for LEDES files."""
