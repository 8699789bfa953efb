"""Synthetic respondents: a declared statistical model, and the action that stores what it draws.

The numbers of a model are in `surveys/questionnaires/<slug>.model.yaml`; docs/synthetic-model.md explains
them. `spec`, `quotas`, `battery` and `model` are pure.
"""
