"""The privacy class of every stored field.

Each of our models has an attribute ``privacy`` that names the class of each of its fields; a test fails
for a field without one, so nobody stores something about a person without having thought about it.
"""

from __future__ import annotations

import enum


class Privacy(enum.StrEnum):
    """What a thief would learn from a field, from nothing to most."""

    PUBLIC = "public"  # could be printed in the newspaper
    INTERNAL = "internal"  # about the work of the team, about no caregiver
    ACCOUNT = "account"  # names a user of the platform: researcher, partner, administrator
    SECRET = "secret"  # noqa: S105 - the name of a class. Opens something: keys, seeds, digests of codes
    INVITED = "invited"  # about one invitation, hence about a person a partner may know
    ANSWER = "answer"  # what somebody answered, about their health among other things
    CONTACT = "contact"  # names or reaches a caregiver


def unclassified(model: type) -> set[str]:
    """Names of the concrete fields of *model* that have no privacy class."""
    fields = {field.name for field in model._meta.local_fields + model._meta.local_many_to_many}  # type: ignore[attr-defined]
    return fields - set(getattr(model, "privacy", {}))
