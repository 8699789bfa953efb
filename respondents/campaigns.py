"""Campaigns and their batches of invitations: made by a researcher, distributed by a partner."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from respondents import codes, counters, traces
from respondents.models.counters import Counter
from respondents.models.invitations import Batch, Campaign, Invitation
from respondents.models.partners import Partner
from santesurvey import audit
from santesurvey.models import User
from surveys.models import Survey

LARGEST_BATCH = 500_000
# The check sign ends the address: as it is, a mail program may take it for punctuation and leave it out.
CHECK_SIGNS = str.maketrans({"*": "%2A", "~": "%7E", "$": "%24", "=": "%3D"})


class CampaignError(Exception):
    """The campaign does not allow it; the message says why."""


@dataclass(frozen=True)
class Link:
    """One invitation as the partner sends it; *code* is grouped for print."""

    number: int
    code: str
    url: str


@transaction.atomic
def create_campaign(
    *, survey: Survey, partner: Partner, name: str, by: User | None, closes_on: date | None = None
) -> Campaign:
    name = name.strip()
    if not name:
        raise CampaignError(_("Donnez un nom à la campagne."))
    if Campaign.objects.filter(survey=survey, partner=partner, name=name).exists():
        raise CampaignError(_("Ce partenaire a déjà une campagne de ce nom : choisissez-en un autre."))
    campaign = Campaign.objects.create(survey=survey, partner=partner, name=name, closes_on=closes_on)
    audit.record("campaign.create", campaign, by=by, survey=survey.slug, partner=partner.name)
    return campaign


@transaction.atomic
def add_batch(*, campaign: Campaign, size: int, label: str, by: User | None) -> Batch:
    """Make *size* invitations. Rows are written in an order that says nothing of their numbers.

    Raises `CampaignError` for a closed campaign or a size outside 1 to `LARGEST_BATCH`.
    """
    if campaign.state != Campaign.State.OPEN:
        raise CampaignError(_("La campagne est close : aucune invitation ne peut y être ajoutée."))
    if not 1 <= size <= LARGEST_BATCH:
        raise CampaignError(_("Un lot compte de 1 à %(most)d invitations.") % {"most": LARGEST_BATCH})
    seed = secrets.token_bytes(32)
    batch = Batch.objects.create(
        campaign=campaign, label=label.strip() or _("Lot"), size=size, sealed_seed=codes.seal("batch", seed)
    )
    digests = sorted(codes.code_digest(codes.code_of_seed(seed, number)) for number in range(1, size + 1))
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY respondents_invitation (code_digest, batch_id, campaign_id, state) FROM STDIN"
        ) as copy,
    ):
        for digest in digests:
            copy.write_row((digest, batch.pk, campaign.pk, Invitation.State.ISSUED))
    counters.add(
        campaign.survey_id,
        timezone.localdate(),
        [counters.Count(Counter.Kind.INVITED, campaign=campaign.pk, count=size)],
    )
    audit.record("batch.create", batch, by=by, size=size)
    return batch


def links(batch: Batch) -> Iterator[Link]:
    """The batch's links, derived again from its seed. Raises `CampaignError` once the campaign is closed."""
    if batch.sealed_seed is None:
        raise CampaignError(_("La campagne est close : ses liens ont été détruits."))
    seed = codes.unseal("batch", batch.sealed_seed)
    slug = batch.campaign.survey.slug
    for number in range(1, batch.size + 1):
        code = codes.encode(codes.code_of_seed(seed, number))
        yield Link(number, codes.grouped(code), f"{settings.SITE_URL}/q/{slug}#{code.translate(CHECK_SIGNS)}")


@transaction.atomic
def record_download(*, batch: Batch, form: str, by: User) -> None:
    """Write in the journal that *by* took the links of *batch* away."""
    audit.record("batch.download", batch, by=by, format=form)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User | None) -> None:
    """End the campaign for good: no more answers, and the seeds of its links are destroyed.

    All its invitations are written once more, together, so that PostgreSQL's own numbers no longer tell in which
    order they were used.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if campaign.state == Campaign.State.CLOSED:
        return
    campaign.state = Campaign.State.CLOSED
    campaign.save(update_fields=["state"])
    Batch.objects.filter(campaign=campaign).update(sealed_seed=None)
    Invitation.objects.filter(campaign=campaign).update(state=F("state"))
    transaction.on_commit(lambda: traces.rewritten("respondents_invitation"))
    audit.record("campaign.close", campaign, by=by)
