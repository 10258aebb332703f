"""Forms of allauth in our own words, with what we ask besides."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as PlainLoginForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.sessions import SHARED


class LoginForm(PlainLoginForm):  # type: ignore[misc]
    """With the tick the session ends after ten minutes without a click instead of thirty."""

    shared = forms.BooleanField(
        label=_("Other people use this computer too"),
        required=False,
        help_text=_("Then you are signed out after 10 minutes without a click, instead of 30."),
    )

    def login(self, request: HttpRequest, redirect_url: Any = None) -> HttpResponse:
        # Before the sign-in: a second step, which may come in between, keeps it.
        request.session[SHARED] = bool(self.cleaned_data.get("shared"))
        response: HttpResponse = super().login(request, redirect_url)
        return response


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A name by which its owner knows a passkey again."""

    name = forms.CharField(
        label=_("What you call it"),
        required=False,
        max_length=60,
        help_text=_("Such as “office computer”: it helps when you take one away."),
    )
