"""Server state of the pages about billing runs."""
