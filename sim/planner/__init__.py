"""What to provide: the smallest staffing that keeps the promise."""
