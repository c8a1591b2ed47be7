"""How the dashboard speaks: its words, numbers and dates in Vietnamese and English."""
