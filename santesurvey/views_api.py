"""The page of the API: what there is, tried with a click; and the reader's own access tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from drf_spectacular.generators import SchemaGenerator
from knox.models import AuthToken

from santesurvey.models import User

TOKEN_DAYS = 90


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Operation:
    """One verb on one address, as the reference shows it."""

    method: str
    path: str
    description: str
    body: list[Field]
    statuses: list[str]

    @property
    def tryable(self) -> bool:
        """Whether a plain link shows it: reading, without a parameter in the address."""
        return self.method == "GET" and "{" not in self.path


@lru_cache(maxsize=1)
def operations() -> list[Operation]:
    """Every operation of the schema, in the order of the addresses; it changes only with the code."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return list(_read(schema))


def _read(schema: dict[str, Any]) -> Iterator[Operation]:
    parts = schema.get("components", {}).get("schemas", {})
    for path, verbs in schema["paths"].items():
        for method, operation in verbs.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield Operation(
                method=method.upper(),
                path=path,
                description=operation.get("description", ""),
                body=list(_fields(content.get("schema", {}), parts)),
                statuses=list(operation.get("responses", {})),
            )


def _fields(schema: dict[str, Any], parts: dict[str, Any]) -> Iterator[Field]:
    schema = parts.get(schema["$ref"].rsplit("/", 1)[-1], {}) if "$ref" in schema else schema
    for name, field in schema.get("properties", {}).items():
        if not field.get("readOnly"):
            yield Field(
                name=name,
                type=field.get("format") or field.get("type") or "",
                required=name in schema.get("required", []),
                description=field.get("description", ""),
            )


@require_GET
@never_cache
def reference(request: HttpRequest) -> HttpResponse:
    """Address by address; with the tokens of whoever is signed in."""
    tokens: Any = AuthToken.objects.none()
    if isinstance(request.user, User):
        tokens = AuthToken.objects.filter(user=request.user, expiry__gt=timezone.now()).order_by("-created")
    context = {
        "operations": operations(),
        "tokens": tokens,
        "secret": request.session.pop("new_api_token", "") if request.user.is_authenticated else "",
        "days": TOKEN_DAYS,
    }
    return render(request, "api.html", context)


@login_required
@require_POST
def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token; the page that follows shows its secret, once."""
    _made, secret = AuthToken.objects.create(user=request.user, expiry=timedelta(days=TOKEN_DAYS))
    request.session["new_api_token"] = secret
    return redirect("api-docs")


@login_required
@require_POST
def revoke_token(request: HttpRequest, token_key: str) -> HttpResponse:
    AuthToken.objects.filter(user=request.user, token_key=token_key).delete()
    return redirect("api-docs")
