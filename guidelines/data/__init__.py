"""Lists of words that the kinds of rule begin with."""
