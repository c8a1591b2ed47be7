"""Every claim at full size: ``python -m tests.evidence [name…]``, which is ``make evidence``.

A claim is a module here with a `CLAIM`; what it finds goes to ``docs/evidence/<name>.json``
with commit, date and command. See `tests.evidence.claim` to add one.
"""
