"""Every list of the portal as a file: the same rows, the same rights, and no limit to how many."""
