"""What the program can show of itself."""
