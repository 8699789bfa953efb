from django.apps import AppConfig


class SanteSurveyConfig(AppConfig):
    name = "santesurvey"
    verbose_name = "SantéSurvey"

    def ready(self) -> None:
        """Whoever sends a task, the web server too, sends it through our application and its broker.

        A changed password revokes tokens wherever it is changed.
        """
        from santesurvey import celery, token_revocation  # noqa: F401
