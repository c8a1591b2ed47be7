"""What it meant: every figure shown anywhere, folded from the event log."""
