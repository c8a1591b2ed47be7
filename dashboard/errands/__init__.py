"""What worker processes do for pages, beside the single day."""
