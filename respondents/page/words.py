"""The sentences that the page's script writes, in the active language. Braces are filled in by the script."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Every sentence by name. Names are those that frontend/src/respondent/ uses."""
    return {
        "part": _("Partie {page} sur {pages}, environ {minutes} minutes"),
        "part_one": _("Partie {page} sur {pages}, environ une minute"),
        "send_part": _("Dernière étape : l'envoi"),
        "next": _("Suivant"),
        "send": _("Envoyer mes réponses"),
        "clear": _("Effacer ma réponse"),
        "saved": _("Enregistré"),
        "saved_here": _("Enregistré sur cet appareil"),
        "offline": _("Hors ligne : vos réponses sont gardées sur cet appareil"),
        "this_tab": _(
            "Connexion non chiffrée : vos réponses restent dans cet onglet. Répondez en une seule fois."
        ),
        "not_kept": _("Cet appareil ne garde rien : répondez en une seule fois, sans fermer la page."),
        "resumed": _("Vous reprenez là où vous en étiez. Vos réponses sont là."),
        "error": _("Erreur :"),
        "problem_title": _("Il y a un point à revoir"),
        "problems_title": _("Il y a {count} points à revoir"),
        "nothing_lost": _("Rien n'est perdu : vos autres réponses sont gardées."),
        "consent": _("Cochez cette case pour participer."),
        "code": _("Ce code n'est pas lisible : il compte dix-sept signes, vérifiez-les un à un."),
        "unknown": _(
            "Ce lien n'est pas celui d'une invitation à cette enquête. Rouvrez le lien reçu, ou recopiez "
            "ci-dessous le code imprimé sur votre invitation."
        ),
        "used": _("Cette invitation a déjà servi : une réponse a été enregistrée avec elle."),
        "used_more": _(
            "Si c'est la vôtre, votre reçu permet de la revoir ou de l'effacer. Personne ne peut la retrouver "
            "sans lui."
        ),
        "see_answers": _("J'ai mon reçu"),
        "closed": _("Cette enquête est close : elle ne reçoit plus de réponses."),
        "closed_more": _("Merci d'être venu ou venue. Les résultats seront publiés."),
        "unanswered": _("{count} questions sont restées sans réponse. Vous pouvez les laisser ainsi."),
        "unanswered_one": _("Une question est restée sans réponse. Vous pouvez la laisser ainsi."),
        "all_answered": _("Vous avez répondu à toutes les questions."),
        "sending": _("Envoi en cours…"),
        "waiting": _(
            "Pas de connexion : vos réponses ne sont pas encore parties. Elles sont gardées sur cet appareil "
            "et partiront dès que la connexion reviendra. Gardez cette page ouverte, ou rouvrez-la plus tard "
            "par le même lien."
        ),
        "try_now": _("Réessayer maintenant"),
        "refused": _("L'envoi n'a pas été accepté"),
        "copied": _("Copié"),
        "receipt_file": _("recu"),
        "receipt_text": _(
            "Votre reçu pour l'enquête « {title} » : {receipt}\n\n"
            "Avec ce reçu, et avec lui seul, vous pouvez revoir ou effacer vos réponses :\n{address}\n"
        ),
        "score": _("{score} sur {high}"),
        "you": _("Vous : {score}"),
        "mean": _("Moyenne : {mean}"),
        "threshold": _("Seuil : {threshold}"),
        "above": _("Votre score atteint ou dépasse le seuil retenu par l'équipe de recherche, {threshold}."),
        "below": _("Votre score se situe sous le seuil retenu par l'équipe de recherche, {threshold}."),
        "others": _(
            "La moyenne des personnes ayant répondu est {mean} ; {share} % d'entre elles atteignent ce seuil."
        ),
        "rank": _("Environ {tenths} personnes sur 10 ont un score plus bas que le vôtre."),
        "rank_one": _("Environ 1 personne sur 10 a un score plus bas que le vôtre."),
        "rank_none": _("Peu de personnes ont un score plus bas que le vôtre."),
        "rank_all": _("Plus de 9 personnes sur 10 ont un score plus bas que le vôtre."),
        "no_score": _("Pas de score : trop peu de réponses aux questions de cette échelle."),
        "no_norms": _(
            "Les résultats de l'enquête ne sont pas encore publiés : il n'y a pas de comparaison à montrer."
        ),
        "sample": _("Comparaison avec {n} personnes ayant répondu (données {fingerprint})."),
    }
