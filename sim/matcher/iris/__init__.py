"""A second modality: masked binary codes compared at several rotations."""
