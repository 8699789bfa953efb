from django.apps import AppConfig


class SanteSurveyConfig(AppConfig):
    name = "santesurvey"
    verbose_name = "SantéSurvey"
