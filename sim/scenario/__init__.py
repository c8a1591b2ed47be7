"""What is asked: scenario files, checked, resolved with their policies into one specification."""
