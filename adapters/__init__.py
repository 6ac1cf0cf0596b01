"""The only place that talks to outside services; each adapter has a local twin that is real code."""
