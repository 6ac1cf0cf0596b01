"""Server state of the pages about the review of proformas."""
