"""Entry points of workers, and the dispatcher that wakes them. Jobs carry ids only; the rows are the truth."""
