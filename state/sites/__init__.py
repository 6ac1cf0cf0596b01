"""Server state of the pages about carriers, their sites and profiles."""
