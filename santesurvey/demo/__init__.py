"""The demonstration: accounts, partners, campaigns, synthetic respondents and their fieldwork, first results.

`install` puts it in an empty database and can be run again; `shown` is what a person needs to look around.
"""

from __future__ import annotations

from ipaddress import ip_address

SLUG = "soignants-liberaux-2025"
RESPONSES = 1_550  # the size of the study that the demonstration reproduces
SEED = 2025
PASSWORD = "demo-soignants-2025"  # noqa: S105 - printed at every start: a demonstration holds nothing secret


def is_this_machine(host: str) -> bool:
    """Whether *host* is an address that only this machine can reach."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
