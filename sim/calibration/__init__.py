"""What an observed log teaches a scenario."""
