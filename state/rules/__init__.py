"""Server state of the pages about carriers' guidelines."""
