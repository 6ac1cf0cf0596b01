"""What each address shows: functions that return components; state and services stay behind the state room."""
