"""Guards the shape of the tree."""
