"""A small questionnaire that has one of everything, for tests."""

from __future__ import annotations

from typing import Any


def t(french: str, english: str) -> dict[str, str]:
    return {"fr": french, "en": english}


def small_document() -> dict[str, Any]:
    """Three pages, every question type, routing, a scale, both languages. Slug `petite-enquete`."""
    frequency = [
        {"code": "always", "label": t("Toujours", "Always")},
        {"code": "often", "label": t("Souvent", "Often")},
        {"code": "sometimes", "label": t("Parfois", "Sometimes")},
        {"code": "seldom", "label": t("Rarement", "Seldom")},
        {"code": "never", "label": t("Jamais", "Never")},
    ]
    return {
        "format": 1,
        "slug": "petite-enquete",
        "title": t("Petite enquête", "Small survey"),
        "languages": ["fr", "en"],
        "minutes": 2,
        "notice": [{"title": t("Pourquoi", "Why"), "text": t("Pour les tests.", "For the tests.")}],
        "consents": [
            {"code": "part", "label": t("J'accepte de participer.", "I agree to take part.")},
            {
                "code": "health",
                "label": t("J'accepte de parler de ma santé.", "I agree to talk about my health."),
            },
        ],
        "help": [{"name": t("Écoute", "Listening"), "phone": "3114"}],
        "choices": {
            "profession": [
                {"code": "nurse", "label": t("Infirmier, infirmière", "Nurse")},
                {"code": "doctor", "label": t("Médecin", "Doctor")},
                {"code": "other", "label": t("Autre", "Other"), "specify": True},
                {
                    "code": "pns",
                    "label": t("Je préfère ne pas répondre", "I prefer not to answer"),
                    "missing": "prefer_not",
                },
            ],
            "yes_no": [
                {"code": "yes", "label": t("Oui", "Yes")},
                {"code": "no", "label": t("Non", "No")},
            ],
            "tools": [
                {"code": "agenda", "label": t("Agenda", "Agenda")},
                {"code": "records", "label": t("Dossier", "Records")},
                {"code": "none", "label": t("Aucun", "None"), "exclusive": True},
            ],
            "frequency": frequency,
        },
        "pages": [
            {
                "code": "you",
                "title": t("Vous", "You"),
                "questions": [
                    {
                        "code": "profession",
                        "type": "single",
                        "required": True,
                        "label": t("Quelle est votre profession ?", "What is your profession?"),
                        "choices": "profession",
                    },
                    {
                        "code": "hours",
                        "type": "integer",
                        "label": t("Combien d'heures par semaine ?", "How many hours a week?"),
                        "minimum": 0,
                        "maximum": 120,
                        "unit": t("heures", "hours"),
                    },
                    {
                        "code": "admin_hours",
                        "type": "decimal",
                        "label": t("Dont administratives ?", "Of which administrative?"),
                        "minimum": 0,
                        "relevant": "${hours} > 0",
                        "constraint": ". <= ${hours}",
                        "constraint_message": t(
                            "Pas plus que vos heures en tout.", "No more than your hours in all."
                        ),
                    },
                ],
            },
            {
                "code": "work",
                "title": t("Travail", "Work"),
                "questions": [
                    {
                        "code": "fatigue",
                        "type": "matrix",
                        "label": t("Ces derniers temps…", "Lately…"),
                        "choices": "frequency",
                        "rows": [
                            {
                                "code": "tired",
                                "label": t("Vous sentez-vous fatigué ou fatiguée ?", "Do you feel tired?"),
                            },
                            {
                                "code": "worn",
                                "label": t("Vous sentez-vous à bout ?", "Do you feel worn out?"),
                            },
                            {
                                "code": "energy",
                                "label": t("Avez-vous de l'énergie ?", "Do you have energy?"),
                            },
                        ],
                    },
                    {
                        "code": "tools_used",
                        "type": "multiple",
                        "label": t("Quels outils utilisez-vous ?", "Which tools do you use?"),
                        "choices": "tools",
                    },
                    {
                        "code": "attacked",
                        "type": "single",
                        "label": t("Avez-vous été agressé ou agressée ?", "Were you attacked?"),
                        "choices": "yes_no",
                    },
                ],
            },
            {
                "code": "after",
                "title": t("Ensuite", "Then"),
                "relevant": "${attacked} = 'yes'",
                "questions": [
                    {
                        "code": "thanks",
                        "type": "note",
                        "label": t("Ce qui a suivi", "What followed"),
                        "note": t("Prenez le temps qu'il vous faut.", "Take your time."),
                    },
                    {
                        "code": "complaint",
                        "type": "single",
                        "label": t("Avez-vous porté plainte ?", "Did you file a complaint?"),
                        "choices": "yes_no",
                    },
                    {
                        "code": "story",
                        "type": "text",
                        "label": t("Voulez-vous en dire plus ?", "Do you want to say more?"),
                        "hint": t("Ne nommez personne.", "Name nobody."),
                        "multiline": True,
                        "max_length": 500,
                    },
                ],
            },
        ],
        "scales": [
            {
                "code": "exhaustion",
                "title": t("Épuisement", "Exhaustion"),
                "items": ["tired", "worn", "energy"],
                "reverse": ["energy"],
                "points": {"always": 100, "often": 75, "sometimes": 50, "seldom": 25, "never": 0},
                "min_answered": 2,
                "critical": 50,
                "personal_result": True,
                "bands": [
                    {"code": "low", "start": 0, "label": t("Bas", "Low"), "message": t("Bas.", "Low.")},
                    {"code": "high", "start": 50, "label": t("Haut", "High"), "message": t("Haut.", "High.")},
                ],
            }
        ],
        "group_by": ["profession"],
        "quasi_identifiers": ["profession", "hours"],
        "sensitive": ["attacked"],
    }
