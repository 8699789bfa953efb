"""White papers: asked for, built, downloaded.

A paper is named by the digest of all that decides its pages (content, charts, template, fonts), so that
building it again finds it, and a change of any of them makes a new one beside the old.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from analytics import frames
from analytics.estimates import compute, estimates_of
from analytics.models import Report, Snapshot
from analytics.reporting import content, typesetting
from analytics.storing import digest_of, keep, read
from santesurvey import audit
from santesurvey.jobs import JobRefused, start_job
from santesurvey.models import Job, User

TASK = "analytics.tasks_documents.build_report"
LANGUAGES = ("fr", "en")
Progress = Callable[[int, int, str], None]


class NotBuildable(Exception):
    """A white paper cannot be asked for like this; the message says what to change."""


def languages(snapshot: Snapshot) -> list[str]:
    """The languages that a paper of *snapshot* can be written in: the questionnaire's, if spoken here."""
    return [language for language in frames.questionnaire(snapshot).languages if language in LANGUAGES]


def request_report(*, snapshot: Snapshot, language: str, by: User | None) -> Job:
    """Ask for the white paper of *snapshot* in *language*. Pressing twice starts one job."""
    if language not in languages(snapshot):
        raise NotBuildable(_("Le questionnaire n'existe pas dans cette langue : choisissez-en une autre."))
    return start_job(TASK, snapshot, by=by, language=language)


def build(*, snapshot: Snapshot, language: str, progress: Progress, by: User | None) -> Report:
    """Write the paper, or find it where the same one was written before. Safe to run twice."""
    # A paper is made to be read by anyone: it holds what the public may have, even before it is published.
    results = estimates_of(snapshot, public=True)
    if results is None:
        compute(snapshot, progress)
        results = estimates_of(snapshot, public=True)
    if results is None:
        raise JobRefused(_("Ce gel n'a pas de résultats : gelez de nouveau les données."))
    paper = content.paper(snapshot, results, language, progress)
    files = typesetting.inputs(paper)
    edition = typesetting.edition(files)
    progress(0, 0, _("Mise en page"))
    pdf = typesetting.pdf(files, timestamp=content.timestamp(snapshot))
    name = f"reports/{snapshot.survey.slug}/{snapshot.fingerprint}-{language}-{edition[:32]}.pdf"
    keep(name, pdf)
    return _record(snapshot, language, name, digest_of(pdf), results.specification_digest, by)


@transaction.atomic
def _record(
    snapshot: Snapshot, language: str, name: str, digest: str, specification: str, by: User | None
) -> Report:
    """The row of the paper, last of all."""
    Snapshot.objects.select_for_update().get(pk=snapshot.pk)
    report, created = Report.objects.get_or_create(
        snapshot=snapshot,
        language=language,
        file=name,
        defaults={"digest": digest, "specification_digest": specification, "created_by": by},
    )
    if created:
        audit.record(
            "report.build", report, by=by, snapshot=snapshot.number, language=language, digest=digest
        )
    elif report.digest != digest or report.specification_digest != specification:
        report.digest, report.specification_digest = digest, specification
        report.save(update_fields=["digest", "specification_digest"])
    return report


def public_reports(snapshot: Snapshot) -> list[Report]:
    """The papers that anybody may read, the newest of each language: made of the figures that are public now.

    None while the snapshot is not published; nor one made under a policy that has become stricter since.
    """
    results = estimates_of(snapshot, public=True) if snapshot.published_at else None
    if results is None:
        return []
    same = snapshot.reports.filter(specification_digest=results.specification_digest).exclude(file="")
    newest = {report.language: report for report in same.order_by("created_at")}
    return [newest[language] for language in LANGUAGES if language in newest]


def content_of(report: Report) -> bytes:
    """The PDF of *report*, checked against its digest."""
    pdf = read(report.file)
    if digest_of(pdf) != report.digest:
        raise frames.DamagedSnapshot(
            _("Le livre blanc ne correspond plus à son empreinte : construisez-le de nouveau.")
        )
    return pdf
