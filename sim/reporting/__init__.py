"""How it is told: figures as tables a planner can read."""
