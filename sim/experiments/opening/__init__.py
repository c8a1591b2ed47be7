"""Runs that begin in mid-day, from what a log or a count says is there."""
