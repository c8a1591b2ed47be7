"""The fast path: start and end of every visit, station by station, where that is exact."""
