"""How it is called: one small module a command, nothing imported before it is needed."""

from sim.cli.app import main

__all__ = ["main"]
