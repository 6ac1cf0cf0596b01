"""Server state of the pages about submissions to carriers' sites."""
