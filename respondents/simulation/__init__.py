"""Synthetic respondents: a declared statistical model (spec, quotas, battery, model), and the action that stores them.

The numbers of a model are in `surveys/questionnaires/<slug>.model.yaml`; docs/synthetic-model.md explains them.
"""
