"""Ways to search a gallery, one method per file; all give the same scores."""
