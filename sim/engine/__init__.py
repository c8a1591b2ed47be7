"""The world moves: a scenario's network turns a workload into events."""
