"""What happened: the event log, kept so that it cannot change unnoticed."""
