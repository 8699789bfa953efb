"""What the white paper of a snapshot says: every number from its estimate set, every word in one language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analytics import frames
from analytics.bases import conditional
from analytics.charts import catalogue, words
from analytics.charts.building import NoSuchFigure, display
from analytics.charts.displays import Display, View
from analytics.comparisons import Comparison, compare, published_of
from analytics.models import Snapshot
from analytics.numerals import interval, number, percent, value
from analytics.reporting import method
from analytics.reporting.drawings import drawing
from analytics.reporting.paper import (
    Chapter,
    Comparisons,
    Drawing,
    Groups,
    KeyFigure,
    Paper,
    Section,
    Table,
)
from analytics.results import ALL, Cell, Figure, Results
from surveys.definition import Scale, text, variables_of

Report = Callable[[int, int, str], None]
MOST_KEY_FIGURES = 6
MOST_ESSENTIALS = 8


def paper(snapshot: Snapshot, results: Results, language: str, report: Report) -> Paper:
    """The paper of *snapshot* in *language*. *report* hears of every chart drawn."""
    questionnaire = frames.questionnaire(snapshot)
    with translation.override(language):
        view = View(results=results, questionnaire=questionnaire, language=language)
        frozen = timezone.localtime(snapshot.created_at)
        day = date_format(frozen, "DATE_FORMAT")
        chapters, images = _chapters(view, report)
        key = _key_shares(view)
        title = text(questionnaire.title, language)
        return Paper(
            language=language,
            title=title,
            subtitle=text(questionnaire.description, language),
            author=_("Équipe de l'étude « %s »") % title,
            description=_("Livre blanc : %s") % title,
            keywords=[text(page.title, language) for page in questionnaire.pages],
            year=frozen.year,
            month=frozen.month,
            day=frozen.day,
            date=day,
            synthetic=questionnaire.synthetic,
            fingerprints=_fingerprints(snapshot, results),
            words=_words(),
            key_figures=[_key_figure(headline) for headline in catalogue.headlines(view)[:MOST_KEY_FIGURES]],
            essentials=_essentials(chapters),
            method=method.sections(snapshot, view, day),
            margins=method.margins_table(snapshot.weighting, view),
            chapters=chapters,
            groups=_groups(view, key),
            published=_published(view, snapshot),
            instruments=_instruments(view),
            trace=_trace(),
            digests=_digests(snapshot, results),
            images=images,
        )


def timestamp(snapshot: Snapshot) -> int:
    """The date that the PDF bears: that of the freeze, so that building it again changes nothing."""
    moment: datetime = snapshot.created_at
    return int(moment.timestamp())


def _words() -> dict[str, str]:
    return {
        "kicker": _("Livre blanc"),
        "contents": _("Sommaire"),
        "essentials": _("L'essentiel"),
        "method": _("Méthode"),
        "instruments": _("Instruments de mesure"),
        "trace": _("D'où viennent ces chiffres"),
        "synthetic": _("Données synthétiques"),
        "synthetic-cover": _("Données synthétiques : aucune personne réelle n'a répondu"),
    }


def _fingerprints(snapshot: Snapshot, results: Results) -> str:
    return _("Données %(data)s · calcul %(figures)s") % {
        "data": snapshot.fingerprint,
        "figures": results.specification_digest[:12],
    }


# --- key figures --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KeyShare:
    """A share in the table by group, and its name there."""

    label: str
    figure: Figure
    code: str = ""

    def cell(self, group: str = ALL) -> Cell | None:
        return self.figure.cell(self.code, group)


def _key_shares(view: View) -> list[KeyShare]:
    """Scales at their threshold, then sensitive yes-or-no answers that everyone was asked for."""
    found = []
    for scale in view.questionnaire.scales:
        figure = view.results.figure(f"{scale.code}.critical")
        if figure and scale.critical is not None:
            found.append(KeyShare(text(scale.title, view.language), figure))
    some = conditional(view.questionnaire)
    for code in view.questionnaire.sensitive:
        figure = view.results.figure(code)
        if figure and figure.spec.kind == "single" and "yes" in figure.spec.codes and code not in some:
            label = _named(words.label_of_variable(view, code))
            found.append(KeyShare(label, figure, "yes"))
    return found[:MOST_KEY_FIGURES]


def _named(item: str) -> str:
    """An item that finishes a question ("une agression ?") as the name of a figure ("Une agression")."""
    item = item.rstrip(" \u00a0\u202f?:.…")
    return item[:1].upper() + item[1:]


def _key_figure(headline: catalogue.Headline) -> KeyFigure:
    """The same figures as on the pages of the results."""
    note = ", ".join(part for part in (headline.interval, f"n = {headline.n}" if headline.n else "") if part)
    return KeyFigure(headline.value, headline.label, note)


def _essentials(chapters: list[Chapter]) -> list[str]:
    """The first finding of each chapter that is fit for it: what to retain if one reads one page only."""
    firsts = [next((item for item in chapter.figures if item.headline), None) for chapter in chapters]
    return [f"{item.finding}." for item in firsts if item][:MOST_ESSENTIALS]


# --- chapters -----------------------------------------------------------------------------------------


def _chapters(view: View, report: Report) -> tuple[list[Chapter], dict[str, str]]:
    """A chapter for each page of the questionnaire that has figures, scales with the page of their items."""
    plan = [(theme, [*_scales(view, theme), *theme.keys]) for theme in catalogue.themes(view)]
    total = sum(len(keys) for _theme, keys in plan)
    done = 0
    background = {*view.questionnaire.group_by, *view.questionnaire.quasi_identifiers}
    chapters: list[Chapter] = []
    images: dict[str, str] = {}
    for theme, keys in plan:
        drawn: list[Drawing] = []
        for key in keys:
            done += 1
            report(done, total, gettext_noop("Dessin des graphiques"))  # translated where it is read
            try:
                shown = display(view, key)
            except NoSuchFigure:
                continue
            if not _tells(shown):
                continue
            name = f"figure-{len(images) + 1}.svg"
            item, images[name] = drawing(shown, name, headline=key.partition("@")[0] not in background)
            drawn.append(item)
        if drawn:
            chapters.append(Chapter(theme.title, drawn))
    return chapters, images


def _scales(view: View, theme: catalogue.Theme) -> Iterator[str]:
    """The scales that end on the page of *theme*, by group where that is known."""
    page = next(page for page in view.questionnaire.pages if page.code == theme.code)
    items = {code for question in page.questions for code in variables_of(question, view.questionnaire)}
    for key in catalogue.scale_keys(view):
        figure = view.results.figure(key.partition("@")[0])
        scale = next(s for s in view.questionnaire.scales if figure and s.code == figure.spec.variable)
        # Those at the threshold, or the mean where there is none; the bands are for the screens.
        if scale.items[-1] in items and figure and figure.spec.kind != "bands":
            yield key


def _tells(shown: Display) -> bool:
    """Whether anything at all may be shown."""
    return any(segment.cell for row in shown.rows for segment in row.segments)


# --- by group -----------------------------------------------------------------------------------------


def _groups(view: View, key: list[KeyShare]) -> Groups:
    """The key figures and the mean scores in each group of the main grouping."""
    if not view.results.groupings:
        return Groups("", "", [], "")
    main = view.results.groupings[0]
    name = words.label_of_variable(view, main.variable)
    groups = [ALL, *view.results.groups(main)]
    shares = Table(
        title=_("Chiffres clés"),
        columns=[name, "n", *(share.label for share in key)],
        rows=[
            [
                words.group_label(view, group),
                _size(view, group),
                *(_share(view, share, group) for share in key),
            ]
            for group in groups
        ],
        numbers=1 + len(key) if key else 0,
        widths=[5, 1, *([2] * len(key))],
    )
    scales = [
        (scale, figure) for scale in view.questionnaire.scales if (figure := view.results.figure(scale.code))
    ]
    means = Table(
        title=_("Scores moyens"),
        columns=[name, *(text(scale.title, view.language) for scale, _figure in scales)],
        rows=[
            [words.group_label(view, group), *(_mean(view, figure, group) for _scale, figure in scales)]
            for group in groups
        ],
        numbers=len(scales),
        widths=[5, *([2] * len(scales))],
    )
    return Groups(
        title=_("Par %s") % (name[:1].lower() + name[1:]),
        intro=_(
            "Les groupes diffèrent aussi par l'âge, le genre ou le lieu d'exercice : un écart n'est pas une cause."
        ),
        tables=[table for table in (shares, means) if len(table.rows) > 1 and table.numbers],
        note=_(
            "Sous chaque chiffre, son intervalle de confiance à 95 %%. Pour les scores, la part des personnes au seuil"
            " ou au-dessus, puis la moyenne. %(mark)s : chiffre retiré. Le publier, ou"
            " permettre de le calculer par différence, en dirait trop sur quelques personnes ; cela peut aussi"
            " toucher un groupe nombreux, quand un autre doit rester caché."
        )
        % {"mark": _("n. c.")},
    )


def _size(view: View, group: str) -> str:
    size = view.results.n if group == ALL else view.results.group_size(group)
    return _("n. c.") if size is None else number(size)


def _share(view: View, key: KeyShare, group: str) -> str:
    cell = key.cell(group)
    if cell is None:
        return _("n. c.")
    best = cell.best(view.weighted)
    return f"{percent(best.value)}\n{interval(best, share=True)}"


def _mean(view: View, figure: Figure, group: str) -> str:
    cell = figure.cell(group=group)
    if cell is None:
        return _("n. c.")
    best = cell.best(view.weighted)
    return f"{value(best.value, share=False)}\n{interval(best, share=False)}"


# --- published beside reproduced ----------------------------------------------------------------------


def _published(view: View, snapshot: Snapshot) -> Comparisons:
    slug = snapshot.survey.slug
    published = published_of(slug)
    if published is None:
        return Comparisons("", [], Table(), [])
    found = compare(slug, view.questionnaire, view.results)
    notes = [
        _("%(name)s : %(value)s")
        % {
            "name": text(item.published.label, view.language),
            "value": text(item.published.note, view.language),
        }
        for item in found
        if item.published.note
    ]
    return Comparisons(
        title=_("Chiffres publiés et chiffres reproduits"),
        paragraphs=[text(published.study, view.language), text(published.about, view.language)],
        table=Table(
            columns=[_("Indicateur"), _("Publié"), _("Reproduit"), _("Écart en points"), "n"],
            rows=[_compared(view, item) for item in found],
            numbers=4,
            widths=[9, 2, 2, 2, 2],
        ),
        notes=notes,
    )


def _compared(view: View, item: Comparison) -> list[str]:
    label = text(item.published.label, view.language)
    known = percent(item.published.value / 100)
    known = _("plus de %s") % known if item.published.at_least else known
    if item.cell is None:
        return [label, known, _("n. c."), "", ""]
    share = item.cell.unweighted.value
    gap = 100 * share - item.published.value
    sign = "+" if gap >= 0.05 else ""
    difference = "" if item.published.at_least else f"{sign}{number(round(gap, 1) + 0.0, digits=1)}"
    return [label, known, percent(share, digits=1), difference, number(item.cell.n)]


# --- instruments and digests --------------------------------------------------------------------------


def _instruments(view: View) -> list[Section]:
    return [
        Section(text(scale.title, view.language), _scoring(view, scale))
        for scale in view.questionnaire.scales
    ]


def _scoring(view: View, scale: Scale) -> list[str]:
    rule = _("moyenne") if scale.method == "mean" else _("somme")
    said = _("%(items)s items, %(rule)s des points, score dès %(minimum)s réponses.") % {
        "items": len(scale.items),
        "rule": rule,
        "minimum": scale.min_answered,
    }
    if scale.reverse:
        said += " " + _("Items inversés : %s.") % len(scale.reverse)
    if scale.critical is not None:
        said += " " + _(
            "Seuil retenu par les chercheurs : %s. Il décrit un groupe ; ce n'est pas un diagnostic."
        ) % number(scale.critical, digits=1)
    return [said, scale.source] if scale.source else [said]


def _trace() -> list[str]:
    return [
        _(
            "Chaque chiffre vient d'un jeu de réponses gelé et d'une liste de calculs, nommés par leurs"
            " empreintes. Les mêmes empreintes redonnent les mêmes chiffres ; celles du bas de page les rappellent."
        )
    ]


def _digests(snapshot: Snapshot, results: Results) -> Table:
    rows = [
        [_("Réponses gelées"), snapshot.digest],
        [_("Liste des calculs"), results.specification_digest],
    ]
    if snapshot.weighting.get("state") == "raked":
        rows.append([_("Marges de calage"), snapshot.weighting["digest"]])
    return Table(columns=[_("Quoi"), _("Empreinte (SHA-256)")], rows=rows, widths=[2, 5])
