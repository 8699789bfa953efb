"""Disclosure control: what may leave without telling about one person. Pure."""
