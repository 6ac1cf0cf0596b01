"""What each kind of rule looks for: a maker prepares what is dear once and returns the check of one bill."""
