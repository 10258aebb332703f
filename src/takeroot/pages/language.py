"""The language of a page: chosen by the person, kept in a cookie; switching loses nothing typed."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

FIELD = "_language"
YEAR = 365 * 24 * 3600


def set_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )


class LanguageMiddleware:
    """Activates the language: a switch within a form first, then the cookie, then the browser.

    A form's own switch button posts the form with `_language`: the view shows the same form, as
    typed, in the other language (`request.switching` tells it not to save).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        wanted = ""
        if request.method == "POST" and request.content_type != "application/json":
            wanted = request.POST.get(FIELD, "")
        switching = wanted in dict(settings.LANGUAGES)
        request.switching = switching  # type: ignore[attr-defined]
        language = wanted if switching else translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        if switching:
            set_cookie(response, language)
        return response
