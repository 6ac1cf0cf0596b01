"""The vendors' systems, one file each."""
