"""A whole billing month without a screen: bill, review, number, send, wait, and count what the sites hold."""
