"""The formats between pipes, LEDES 1998B and 98BI V2: their fields, a tolerant reader and a strict writer."""
