"""How it is called: one small module a command, nothing imported before it is needed."""

from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; a worker process of a study imports this door and no more."""
    from sim.cli.app import main as run

    run()


__all__ = ["main"]
