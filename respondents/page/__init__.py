"""The respondent page: what it holds, says and sends back. Nothing here knows who answers."""
