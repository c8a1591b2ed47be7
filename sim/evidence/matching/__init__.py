"""How fast faces are compared, beside NumPy and beside what the machine can do at all."""
