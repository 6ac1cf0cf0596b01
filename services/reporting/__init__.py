"""Reports: what the cycle, the money and the carriers look like, each number one sum in SQL."""
