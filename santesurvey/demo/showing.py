"""What a visitor of the demonstration needs: where it is, who may sign in, and a link that works."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from respondents import campaigns, codes
from respondents.models import Batch, Campaign, Invitation
from santesurvey.demo import PASSWORD, SLUG
from santesurvey.demo.cast import CAST
from santesurvey.demo.fieldwork import SPARE, SPARE_LABEL
from santesurvey.models import User
from surveys.models import Survey


def shown(survey: Survey) -> str:
    """Address, accounts and an unused invitation, as lines of text."""
    width = max(len(person.email) for person in CAST)
    accounts = []
    for person in CAST:
        user = User.objects.filter(email=person.email).first()
        if user and user.is_active:
            changed = "" if user.check_password(PASSWORD) else "  (mot de passe changé)"
            accounts.append(f"    {person.email:<{width}}  {person.title}{changed}")
    link = invitation_link(survey)
    return "\n".join(
        [
            "Démonstration : toutes les réponses sont fictives.",
            f"  Adresse       {settings.SITE_URL}/",
            f"  Répondre      {link or 'les campagnes de la démonstration sont closes'}",
            f"  Mot de passe  {PASSWORD}, pour tous ces comptes :",
            *accounts,
        ]
    )


@transaction.atomic
def invitation_link(survey: Survey) -> str | None:
    """The link of an invitation that nobody has opened, made if need be; None where no campaign is open."""
    spare = Batch.objects.filter(
        campaign__survey=survey, campaign__state=Campaign.State.OPEN, label=SPARE_LABEL
    ).select_related("campaign__survey")
    for batch in spare.order_by("-pk"):
        for link in campaigns.links(batch):
            digest = codes.code_digest(codes.decode(link.code))
            if Invitation.objects.filter(pk=digest, state=Invitation.State.ISSUED).exists():
                return link.url
    campaign = Campaign.objects.filter(survey=survey, state=Campaign.State.OPEN).order_by("pk").first()
    if campaign is None or survey.state != Survey.State.OPEN:
        return None
    batch = campaigns.add_batch(campaign=campaign, size=SPARE, label=SPARE_LABEL, by=None)
    return next(campaigns.links(batch)).url


def installed() -> Survey | None:
    return Survey.objects.filter(slug=SLUG).first()
