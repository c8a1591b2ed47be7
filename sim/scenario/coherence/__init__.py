"""What the models cannot see: whether the parts of a scenario speak of each other rightly."""
