"""The practice sites' readers, one a format, written from the specifications and sharing nothing with the product."""
