"""A run's match requests, answered: in virtual time by a table, in real time by real kernels."""
