"""From a questionnaire document to a frozen version: all checks, then one action."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from santesurvey import audit
from santesurvey.models import User
from surveys.definition import Questionnaire, digest, variables_of
from surveys.document_errors import in_words
from surveys.expressions import ExpressionError, parse, references
from surveys.models import Survey, Version


class NotPublishable(Exception):
    """The document has problems; `problems` lists them, each with where it is and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(document: dict[str, Any]) -> Questionnaire:
    """The typed questionnaire of *document*, once it has no problem. Raises `NotPublishable`."""
    try:
        questionnaire = Questionnaire.model_validate(document)
    except ValidationError as exc:
        raise NotPublishable(in_words(exc, document)) from exc
    if found := list(problems(questionnaire)):
        raise NotPublishable(found)
    return questionnaire


def problems(questionnaire: Questionnaire) -> Iterator[str]:
    """What only the whole document can tell, in words for the person who wrote it."""
    yield from _doubled(questionnaire)
    yield from _references(questionnaire)
    yield from _scales(questionnaire)
    yield from _untranslated(questionnaire)


def _doubled(whole: Questionnaire) -> Iterator[str]:
    codes = [page.code for page in whole.pages] + [question.code for question in whole.questions()]
    codes += [row.code for question in whole.questions() for row in question.rows]
    for code, times in Counter(codes).items():
        if times > 1:
            yield f"{code} : ce code est utilisé {times} fois ; chaque page, question et ligne a le sien."
    variables = Counter(code for question in whole.questions() for code in variables_of(question, whole))
    for code, times in variables.items():
        if times > 1 and codes.count(code) < 2:
            yield f"{code} : ce nom est déjà celui de la précision d'un choix « autre » ; changez-le."
    for name, options in whole.choices.items():
        for code, times in Counter(option.code for option in options).items():
            if times > 1:
                yield f"choices.{name}.{code} : ce code est utilisé {times} fois dans la liste."


def _references(whole: Questionnaire) -> Iterator[str]:
    """Logic reads known variables that come before it, and lists exist."""
    before: set[str] = set()
    known = set(whole.question_of_variable())

    def reading(place: str, source: str) -> Iterator[str]:
        try:
            names = references(parse(source)) if source else set()
        except ExpressionError as exc:
            yield f"{place} : {exc}"
            return
        for name in sorted(names - before):
            why = "vient plus loin dans le questionnaire" if name in known else "n'existe pas"
            yield f"{place} : ${{{name}}} {why}."

    for page in whole.pages:
        yield from reading(f"{page.code}.relevant", page.relevant)
        for question in page.questions:
            yield from reading(f"{question.code}.relevant", question.relevant)
            yield from reading(f"{question.code}.constraint", question.constraint)
            if question.choices and question.choices not in whole.choices:
                yield f"{question.code} : la liste de choix {question.choices} n'existe pas."
                continue
            before.update(variables_of(question, whole))
    for place in ("group_by", "quasi_identifiers", "sensitive"):
        for name in getattr(whole, place):
            if name not in known:
                yield f"{place} : la variable {name} n'existe pas."


def _scales(whole: Questionnaire) -> Iterator[str]:
    variables = whole.question_of_variable()
    for scale in whole.scales:
        for item in [*scale.items, *scale.reverse]:
            if item not in variables:
                yield f"scales.{scale.code} : l'item {item} n'existe pas."
            else:
                question = variables[item]
                missing = {o.code for o in whole.options(question) if not o.missing} - set(scale.points)
                if missing:
                    yield f"scales.{scale.code} : pas de points pour {', '.join(sorted(missing))}."
        if scale.min_answered > len(scale.items):
            yield f"scales.{scale.code} : min_answered dépasse le nombre d'items."


def _untranslated(whole: Questionnaire) -> Iterator[str]:
    def walk(place: str, value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            # A text maps languages to words; other mappings (lists of choices, points) are walked.
            if (
                value
                and set(value) <= set(whole.languages)
                and all(isinstance(v, str) for v in value.values())
            ):
                for language in whole.languages:
                    if not value.get(language, "").strip():
                        yield f"{place} : pas de texte en « {language} »."
                return
            for key, part in value.items():
                yield from walk(f"{place}.{key}" if place else key, part)
        elif isinstance(value, list):
            for index, part in enumerate(value):
                name = part.get("code", index) if isinstance(part, dict) else index
                yield from walk(f"{place}.{name}", part)

    yield from walk("", whole.model_dump(exclude={"slug", "languages"}))


@transaction.atomic
def publish(*, survey: Survey, document: dict[str, Any], by: User | None) -> Version:
    """Freeze *document* as the next version of *survey*, or return the version that already holds it.

    Raises `NotPublishable`.
    """
    questionnaire = read(document)
    if questionnaire.slug != survey.slug:
        raise NotPublishable([f"slug : {questionnaire.slug} n'est pas celui de l'étude, {survey.slug}."])
    Survey.objects.select_for_update().get(pk=survey.pk)
    name = digest(document)
    if same := survey.versions.filter(digest=name).first():
        return same
    last = survey.versions.order_by("-number").first()
    version = Version.objects.create(
        survey=survey, number=last.number + 1 if last else 1, digest=name, document=document
    )
    Survey.objects.filter(pk=survey.pk).update(titles=questionnaire.title)
    audit.record("survey.publish", survey, by=by, version=version.number, digest=name)
    return version
