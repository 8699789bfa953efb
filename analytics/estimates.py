"""Every figure of a specification on a snapshot: what is wanted, what is stored, asking for it to be computed.

The outcome is one `EstimateSet`, addressed by the digests of snapshot and specification, read through
`analytics.results`. The work itself is in `analytics.computing`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import transaction

from analytics import frames
from analytics.comparisons import combinations
from analytics.models import EstimateSet, Snapshot
from analytics.results import Results
from analytics.specification import PROTECTED_SINCE, Specification, specify

Report = Callable[[int, int, str], None]


def specification(snapshot: Snapshot) -> Specification:
    """What is estimated on *snapshot*, from its latest questionnaire, its survey's policy and its weights."""
    known = frames.versions(snapshot)
    latest = max(known)
    return specify(
        known[latest],
        version=latest,
        minimum_cell=snapshot.survey.minimum_cell,
        weighting=snapshot.weighting.get("digest", "") if snapshot.weighting.get("state") == "raked" else "",
        combinations=combinations(snapshot.survey.slug, known[latest]),
    )


def estimates_of(snapshot: Snapshot, *, public: bool = False) -> Results | None:
    """The figures of *snapshot* if they are computed; what anybody may have of them if *public*."""
    found = snapshot.estimate_sets.filter(specification_digest=specification(snapshot).digest).first()
    if found is None:
        # The specification has moved on since: what was computed last still stands, unless the policy or
        # the rule has become stricter.
        found = snapshot.estimate_sets.order_by("-pk").first()
        if found and found.specification["minimum_cell"] < snapshot.survey.minimum_cell:
            return None
        if found and found.specification["algorithm"] < PROTECTED_SINCE:
            return None
    if found is None:
        return None
    found.snapshot = snapshot
    return Results(found, public=public)


def compute(snapshot: Snapshot, report: Report | None = None) -> EstimateSet:
    """Compute the figures of *snapshot*, or return them if they are there. Safe to call twice."""
    wanted = specification(snapshot)
    same = snapshot.estimate_sets.filter(specification_digest=wanted.digest).first()
    if same:
        return same
    # Reading figures does not need what computes them: every start of the web server is faster for it.
    from analytics.computing import Computation

    started = time.perf_counter()
    results = Computation(snapshot, wanted, report or (lambda *_: None)).run()
    with transaction.atomic():
        found, _created = EstimateSet.objects.get_or_create(
            snapshot=snapshot,
            specification_digest=wanted.digest,
            defaults={
                "specification": wanted.document(),
                "results": results,
                "seconds": time.perf_counter() - started,
            },
        )
    return found
