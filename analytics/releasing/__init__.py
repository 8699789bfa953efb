"""Anonymised datasets: recodings, the check before the door, and what is in the archive."""
