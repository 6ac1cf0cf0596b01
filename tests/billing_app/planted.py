"""What the planted handlers hand out; kept apart, so that the tests' own process never loads them."""

SECRET = "the client's secret strategy"
