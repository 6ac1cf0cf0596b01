"""What `python -m ledes` can do, one command a module."""
