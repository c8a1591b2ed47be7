"""Little's law: numbers, rates and times go together in every queue."""

from __future__ import annotations

from sim.errors import TheoryError
from sim.queueing.soundness import non_negative, refuse


def little(
    *,
    mean_number: float | None = None,
    arrival_rate: float | None = None,
    mean_time: float | None = None,
) -> float:
    """The third of number, rate and time from the other two.

    Parameters
    ----------
    mean_number : float or None
        Mean number in the queue (or in the system), L.
    arrival_rate : float or None
        Those who go in per unit of time, λ; only they, not who balked.
    mean_time : float or None
        Mean time that they spend there, W.

    Raises
    ------
    TheoryError
        Unless exactly two are given, from 0 on, and the one divided by is above 0.

    Notes
    -----
    ``L = λ W``, whatever laws and disciplines, over any span that begins and ends empty or is
    long against the time spent.

    References
    ----------
    Little, J. D. C. (1961), Operations Research 9, 383-387.

    Examples
    --------
    >>> little(arrival_rate=2.0, mean_time=90.0)
    180.0
    """
    given = {
        name: value
        for name, value in [
            ("mean_number", mean_number),
            ("arrival_rate", arrival_rate),
            ("mean_time", mean_time),
        ]
        if value is not None
    }
    refuse(non_negative(**given))
    if len(given) != 2:
        message = f"Little's law gives one of three; {len(given)} were given, give two"
        raise TheoryError(message)
    if mean_number is None:
        return given["arrival_rate"] * given["mean_time"]
    other = "arrival_rate" if arrival_rate is not None else "mean_time"
    if given[other] == 0:
        message = f"{other} is 0, so that the third can be anything; give it above 0"
        raise TheoryError(message)
    return mean_number / given[other]
