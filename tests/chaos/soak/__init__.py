"""The soak: a month of files over all carriers while faults strike at random, and what the sites hold at the end."""
