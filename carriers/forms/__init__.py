"""The form lane: pages read and forms posted over plain HTTP within a session that the browser signed in."""
