"""Who works when: the cheapest shifts that keep every station staffed."""
