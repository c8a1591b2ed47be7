"""Does a log contradict itself: every promise of the model, checked on the events alone."""

from sim.projections.audit.findings import Contradiction
from sim.projections.audit.fold import AuditFold, audit

__all__ = ["AuditFold", "Contradiction", "audit"]
