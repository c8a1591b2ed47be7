"""Questions whose answers are known beforehand, asked of the engines as they are installed."""
