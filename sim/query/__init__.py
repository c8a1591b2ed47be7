"""What can be asked of a run in SQL."""
