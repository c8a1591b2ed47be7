"""Version of the model: it moves whenever the same scenario and seed give other numbers."""

MODEL_VERSION = "1"
"""Stated in manifests; a change is explained in the changelog under Numbers."""
