"""How fast each part is, beside a reference timed in the same run."""
