"""Simulate every passenger's journey through a biometric transport network."""
