"""How others read it: the log in the formats of other programs."""
