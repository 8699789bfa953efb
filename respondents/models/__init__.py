"""Models of the collection, in files that must not meet: who is asked, what came in, what is counted."""

from respondents.models.collection import Ballot, Response
from respondents.models.counters import Counter
from respondents.models.invitations import Batch, Campaign, Draft, Invitation
from respondents.models.partners import Partner, PartnerMember

__all__ = [
    "Ballot",
    "Batch",
    "Campaign",
    "Counter",
    "Draft",
    "Invitation",
    "Partner",
    "PartnerMember",
    "Response",
]
