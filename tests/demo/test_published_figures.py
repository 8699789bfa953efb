"""The synthetic respondents give back every published figure, counted straight from the stored responses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from respondents import responses
from respondents.simulation.storing import simulate_responses
from santesurvey.demo import RESPONSES, SEED, SLUG
from surveys.definition import Questionnaire
from surveys.loading import load, shipped
from surveys.models import Survey
from surveys.published import Published, holds, reproduce
from surveys.publishing import publish

FIGURES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "references" / "published_whitepaper.json").read_text(encoding="utf-8")
)
POINTS = 2.0  # how far a reproduced share may be from the published one
PUBLISHED = Published.model_validate(load(shipped(SLUG, "published")))
OFTEN = ("often", "always")

# The same measures as in the shipped list, written again: key -> variable, options that count.
SINGLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "uses_fin_de_journee": ("cbi_w4", OFTEN),
    "fatigue_souvent_ou_tout_le_temps": ("cbi_p1", OFTEN),
    "diagnostic_burnout": ("diag_burnout", ("yes",)),
    "diagnostic_depression": ("diag_depression", ("yes",)),
    "ressources_suffisantes_sante_mentale": ("resources", ("yes_fully", "rather_yes")),
    "empietement_vie_privee_chronique": ("encroachment", ("chronic",)),
    "n_arrivent_pas_a_preserver_vie_privee_GEM": ("preserve_private", ("rather_no", "not_so")),
    "taches_admin_excessives_souvent_ou_tout_le_temps": ("admin_excessive", OFTEN),
    "agression_verbale_ou_menace_2_ans": ("aggr_verbal", ("yes",)),
    "agression_physique": ("aggr_physical", ("yes",)),
    "vol_ou_tentative": ("aggr_theft", ("yes",)),
    "vocation_intacte": ("vocation_state", ("intact",)),
    "deconseillent_profession": ("advice_to_young", ("advise_against",)),
}
SILENT = ("prefer_not", "dont_know", "vocation_dont_know", "advice_dont_know", "four_dont_know")
SILENT += ("encroachment_dont_know", "obstacle_dont_know", "complaint_prefer_not")
WORTH = {"always": 100, "often": 75, "sometimes": 50, "seldom": 25, "never": 0}
WORTH |= {"very_high": 100, "high": 75, "somewhat": 50, "low": 25, "very_low": 0}


@pytest.fixture
def demo(db: None) -> Survey:
    survey = Survey.objects.create(slug=SLUG, title="Démonstration", state=Survey.State.OPEN)
    publish(survey=survey, document=load(shipped(SLUG)), by=None)
    return survey


def _stored(survey: Survey) -> list[dict[str, Any]]:
    return [json.loads(answers) for chunk in responses.read_all(survey) for *_row, answers in chunk]


def _sql(query: str, *values: Any) -> float:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return float(cursor.fetchone()[0])  # type: ignore[index]


def _share(variable: str, options: tuple[str, ...], profession: str | None = None) -> float:
    """In SQL, from the rows: of those whose answer says something, the percentage with one of *options*."""
    return _sql(
        "SELECT 100.0 * avg((answers->>%s = ANY(%s))::int) FROM respondents_response"
        " WHERE answers ? %s AND NOT answers->>%s = ANY(%s) AND coalesce(answers->>'profession' = %s, true)",
        *(variable, list(options), variable, variable, list(SILENT), profession),
    )


def _reach(
    rows: list[dict[str, Any]], items: list[str], least: int, cut: float, profession: str = ""
) -> float:
    reached = []
    for row in rows:
        worth = [WORTH[row[item]] for item in items if item in row]
        if "cbi_w7" in items and "cbi_w7" in row:
            worth[-1] = 100 - worth[-1]
        if len(worth) >= least and profession in {"", row["profession"]}:
            reached.append(sum(worth) / len(worth) >= cut)
    return 100 * sum(reached) / len(reached)


def test_every_published_share_is_reproduced_within_two_points(demo: Survey) -> None:
    simulate_responses(survey=demo, responses=RESPONSES, seed=SEED, by=None)
    published = dict(FIGURES["figures_pct"])
    found = {key: _share(variable, options) for key, (variable, options) in SINGLE.items()}
    wanted = {key: published.pop(key) for key in SINGLE}
    rows = _stored(demo)
    personal = [f"cbi_p{number}" for number in range(1, 7)]
    work = [f"cbi_w{number}" for number in range(1, 8)]
    found["personal"] = _reach(rows, personal, 3, 50)
    wanted["personal"] = published.pop("cbi_personnel_critique")
    found["work"] = _reach(rows, work, 4, 50)
    wanted["work"] = published.pop("cbi_professionnel_critique")
    for profession, value in published.pop("burnout_critique_by_profession").items():
        found[profession], wanted[profession] = _reach(rows, work, 4, 75, profession), value
    for profession, value in published.pop("admin_frein_permanent").items():
        key = f"admin {profession}"
        found[key], wanted[key] = _share("admin_obstacle", ("permanent",), profession), value
    victims = "answers ? 'consequences' AND NOT answers->'consequences' ? 'consequences_prefer_not'"
    for code, value in published.pop("consequences_parmi_agresses").items():
        found[code] = _sql(
            "SELECT 100.0 * avg((answers->'consequences' ? %s)::int) FROM respondents_response WHERE "
            + victims,
            code,
        )
        wanted[code] = value
    assert published.pop("ne_portent_pas_plainte") == ">70"
    assert _share("complaint", ("no_complaint",)) > 70
    assert not published, "a published figure is not compared"
    assert len(found) == 31
    far = {key: (found[key], wanted[key]) for key in found if abs(found[key] - wanted[key]) > POINTS}
    assert not far


def test_as_many_respondents_as_in_the_study(demo: Survey) -> None:
    simulate_responses(survey=demo, responses=RESPONSES, seed=SEED, by=None)
    assert responses.count(demo) == FIGURES["n"][0]["value"]
    professions = [row["profession"] for row in _stored(demo)]
    sizes = FIGURES["subgroup_n"]
    assert professions.count("medecin_generaliste") == sizes["medecins_generalistes"]
    assert professions.count("medecin_specialiste") == sizes["medecins_specialistes"]
    assert professions.count("chirurgien_dentiste") == sizes["chirurgiens_dentistes"]
    assert 100 * professions.count("psychologue") / len(professions) == pytest.approx(
        sizes["psychologues_pct"], abs=0.5
    )


def test_the_shipped_list_holds_every_published_figure_with_its_value() -> None:
    listed: dict[str, float | str] = {figure.key: figure.value for figure in PUBLISHED.figures}
    wanted: dict[str, float | str] = {}
    for key, value in FIGURES["figures_pct"].items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        wanted |= {f"{key}.{code}" if code else key: share for code, share in parts}
    assert wanted.pop("ne_portent_pas_plainte") == ">70"
    assert listed.pop("ne_portent_pas_plainte") == 70
    assert listed == wanted
    assert [figure.key for figure in PUBLISHED.figures if figure.at_least] == ["ne_portent_pas_plainte"]


def test_the_shipped_list_can_be_measured_with_the_questionnaire() -> None:
    whole = Questionnaire.model_validate(load(shipped(SLUG)))
    assert list(PUBLISHED.problems(whole)) == []
    by_profession = [figure for figure in PUBLISHED.figures if figure.base]
    assert len(by_profession) == 9
    assert all(figure.group and figure.group[0] == "profession" for figure in by_profession)


def test_the_shipped_list_counts_as_the_database_does(demo: Survey) -> None:
    simulate_responses(survey=demo, responses=400, seed=3, by=None)
    whole, rows = Questionnaire.model_validate(load(shipped(SLUG))), _stored(demo)
    figures = {figure.key: figure for figure in PUBLISHED.figures}
    for key, (variable, options) in SINGLE.items():
        assert reproduce(figures[key], whole, rows).percent == pytest.approx(_share(variable, options)), key
    work = [f"cbi_w{number}" for number in range(1, 8)]
    psychologists = figures["burnout_critique_by_profession.psychologue"]
    assert reproduce(psychologists, whole, rows).percent == pytest.approx(
        _reach(rows, work, 4, 75, "psychologue")
    )


@pytest.mark.parametrize(
    ("key", "answers", "expected"),
    [
        ("diagnostic_burnout", {"diag_burnout": "yes"}, True),
        ("diagnostic_burnout", {"diag_burnout": "no"}, False),
        ("diagnostic_burnout", {"diag_burnout": "prefer_not"}, None),
        ("diagnostic_burnout", {}, None),
        ("consequences_parmi_agresses.mefiance", {"consequences": ["insomnies", "mefiance"]}, True),
        ("consequences_parmi_agresses.mefiance", {"consequences": ["consequences_none"]}, False),
        ("consequences_parmi_agresses.mefiance", {"consequences": ["consequences_prefer_not"]}, None),
        ("cbi_personnel_critique", {"cbi_p1": "always", "cbi_p2": "always"}, None),
        ("cbi_personnel_critique", {"cbi_p1": "always", "cbi_p2": "often", "cbi_p3": "never"}, True),
        ("admin_frein_permanent.medecin_generaliste", {"admin_obstacle": "permanent"}, None),
        (
            "admin_frein_permanent.medecin_generaliste",
            {"profession": "medecin_generaliste", "admin_obstacle": "permanent"},
            True,
        ),
    ],
)
def test_who_counts_in_a_figure(key: str, answers: dict[str, Any], expected: bool | None) -> None:
    whole = Questionnaire.model_validate(load(shipped(SLUG)))
    figure = next(figure for figure in PUBLISHED.figures if figure.key == key)
    assert holds(figure, whole, answers) is expected
