"""Taking a passkey away: which one is chosen in a form, not named by an address."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import flows
from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from takeroot.pages.forms import form_for, status_of, submitted
from takeroot.pages.requests import Request


class WhichPasskey(forms.Form):
    """One of somebody's own passkeys."""

    key: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Which passkey?"),
        queryset=Authenticator.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, keys: QuerySet[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        field = self.fields["key"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = keys


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]
def remove(request: Request) -> HttpResponse:
    keys = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    if not keys.exists():
        return redirect("mfa_index")
    form = form_for(request, WhichPasskey, keys=keys.order_by("created_at"))
    if submitted(request, form):
        flows.remove_authenticator(request, form.cleaned_data["key"])
        return redirect("mfa_index")
    return render(request, "mfa/webauthn/remove.html", {"form": form}, status=status_of(form))
