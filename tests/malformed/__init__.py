"""Scenarios that must be refused, with the faults that must be listed."""
