"""The house's own tools: set-up, checks, lints, the test run. Nothing of the product imports them."""
