"""Large stations staffed by the square root: Halfin and Whitt's limit, with patience Garnett's."""

from __future__ import annotations

import math

from scipy.special import erfcx

from sim.queueing.root import root
from sim.queueing.soundness import positive, refuse, share


def share_waiting(*, margin: float) -> float:
    """Limit of P(W > 0) when servers are load plus `margin` square roots of load.

    Parameters
    ----------
    margin : float
        β in ``servers = a + β √a``, above 0.

    Notes
    -----
    ``1 / (1 + β Φ(β) / φ(β))``.

    References
    ----------
    Halfin, S. and Whitt, W. (1981), Operations Research 29, 567-588.

    Examples
    --------
    >>> round(share_waiting(margin=0.5), 9)
    0.504538641
    """
    refuse(positive(margin=margin))
    return 1 / (1 + margin * _mills(-margin))


def margin_for(*, share_of_waiting: float) -> float:
    """The margin β at which this share of arrivals waits.

    Examples
    --------
    >>> round(margin_for(share_of_waiting=0.2), 9)
    1.061516275
    """
    refuse(share(share_of_waiting=share_of_waiting))
    return root(lambda b: share_waiting(margin=b) - share_of_waiting, 1e-12, 40.0)


def share_waiting_with_patience(
    *, margin: float, mean_service: float, mean_patience: float
) -> float:
    """The same where waiting customers leave; the margin may be negative.

    Notes
    -----
    ``1 / (1 + √(θ/μ) h(β √(μ/θ)) / h(-β))`` with the normal hazard ``h``.

    References
    ----------
    Garnett, O., Mandelbaum, A. and Reiman, M. (2002), Manufacturing & Service Operations
    Management 4, 208-227.

    Examples
    --------
    >>> round(share_waiting_with_patience(margin=0.0, mean_service=1.0, mean_patience=1.0), 12)
    0.5
    """
    refuse(positive(mean_service=mean_service, mean_patience=mean_patience))
    ratio = math.sqrt(mean_service / mean_patience)  # √(θ / μ)
    return 1 / (1 + ratio * _mills(-margin) / _mills(margin / ratio))


def _mills(x: float) -> float:
    """(1 - Φ(x)) / φ(x), without a quotient of two vanishing numbers."""
    return math.sqrt(math.pi / 2) * float(erfcx(x / math.sqrt(2)))
