"""Detectors of block-billed and vague narratives: rules over a lexicon, each finding with its reason."""
