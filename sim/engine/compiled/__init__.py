"""The production engine: the reference engine's rules, compiled."""

from sim.engine.compiled.simulate import simulate as simulate
