"""How it is told: figures of runs and scenarios as tables a planner can read."""
