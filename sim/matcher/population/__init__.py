"""Synthetic people: who resembles whom, and how well a camera catches them."""
