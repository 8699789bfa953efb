"""`manage.py simulate SURVEY --responses N --seed S`: add synthetic respondents to a demonstration survey."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from respondents import responses
from respondents.simulation.storing import SimulationError, simulate_responses
from surveys.models import Survey


class Command(BaseCommand):
    help = "Ajoute à une étude de démonstration des réponses fictives, tirées de son modèle."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("survey", help="nom court de l'étude")
        parser.add_argument("--responses", type=int, default=1_550, help="combien (1 550 par défaut)")
        parser.add_argument(
            "--seed", type=int, default=2025, help="graine du tirage : même graine, mêmes réponses"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        survey = Survey.objects.filter(slug=options["survey"]).first()
        if survey is None:
            known = ", ".join(Survey.objects.values_list("slug", flat=True)) or "aucune"
            raise CommandError(f"L'étude {options['survey']} n'existe pas. Études connues : {known}.")
        if options["seed"] < 0:
            raise CommandError("La graine est un nombre entier positif ou nul.")
        start = time.monotonic()
        try:
            stored = simulate_responses(
                survey=survey, responses=options["responses"], seed=options["seed"], by=None
            )
        except SimulationError as exc:
            raise CommandError(str(exc)) from exc
        self.stdout.write(
            f"{survey.slug} : {stored} réponses fictives ajoutées en {time.monotonic() - start:.1f} s, "
            f"{responses.count(survey)} en tout."
        )
