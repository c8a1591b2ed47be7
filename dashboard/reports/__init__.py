"""Printable reports: what a page shows, as one document that needs nothing else."""
