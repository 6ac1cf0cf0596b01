"""Sets the stage for a run of its own: database, Redis, practice sites, workers, all ended with their starter."""
