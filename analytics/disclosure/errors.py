"""The errors of disclosure control, in French, with the key and the values for a translation."""

from __future__ import annotations

from analytics.stats.errors import N_, StatisticsError

__all__ = ["N_", "DisclosureError"]


class DisclosureError(StatisticsError):
    """Input on which no promise of confidentiality can be made."""
