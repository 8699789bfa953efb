"""`manage.py demo`: install the demonstration, and say how to look around."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from respondents.simulation.storing import SimulationError
from santesurvey.demo.installing import NotADemonstration, install
from santesurvey.demo.showing import installed, shown
from surveys.loading import NotReadable
from surveys.publishing import NotPublishable


class Command(BaseCommand):
    help = "Installe la démonstration (étude, comptes, réponses fictives) et affiche comment s'y promener."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--print", action="store_true", help="affiche seulement, n'installe rien")
        parser.add_argument("--force", action="store_true", help="installe même à côté d'autres études")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["print"]:
            survey = installed()
            if survey is None:
                raise CommandError("La démonstration n'est pas installée : lancez « manage.py demo ».")
        else:
            try:
                survey = install(force=options["force"])
            except (NotADemonstration, NotReadable, NotPublishable, SimulationError) as exc:
                raise CommandError(str(exc)) from exc
        self.stdout.write(shown(survey))
