"""`manage.py publish FILE --survey SLUG`: check a questionnaire and freeze it as a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from surveys.fieldwork import SurveyError, create_survey
from surveys.loading import NotReadable, load
from surveys.models import Survey
from surveys.publishing import NotPublishable, publish, read
from surveys.version_changes import changes_since_previous


class Command(BaseCommand):
    help = "Vérifie un questionnaire (YAML ou JSON) et le publie comme version d'une étude."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="le questionnaire, en YAML ou en JSON")
        parser.add_argument("--survey", required=True, help="nom court de l'étude, créée si elle manque")
        parser.add_argument("--title", default="", help="titre de l'étude à créer ; sinon, celui du document")

    def handle(self, *args: Any, **options: Any) -> None:
        slug: str = options["survey"]
        try:
            document = load(options["file"])
            questionnaire = read(document)
            with transaction.atomic():  # a document that is refused leaves no empty survey behind
                survey = Survey.objects.filter(slug=slug).first()
                if survey is None:
                    title = options["title"] or questionnaire.title[questionnaire.language]
                    survey = create_survey(slug=slug, title=title, by=None)
                before = survey.versions.count()
                version = publish(survey=survey, document=document, by=None)
        except NotPublishable as exc:
            for problem in exc.problems:
                self.stderr.write(problem)
            count = len(exc.problems)
            noun = "problème" if count == 1 else "problèmes"
            raise CommandError(f"Rien n'est publié : {count} {noun} à corriger ci-dessus.") from exc
        except (NotReadable, SurveyError) as exc:
            raise CommandError(str(exc)) from exc
        if survey.versions.count() == before:
            self.stdout.write(f"{survey.slug} : ce document est déjà la version {version.number}.")
        else:
            self.stdout.write(
                f"{survey.slug} : version {version.number} publiée, empreinte {version.digest}."
            )
            for line in changes_since_previous(version):
                self.stdout.write(f"  {line}")
