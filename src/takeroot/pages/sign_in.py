"""Sign-in, sign-out and the second factor: allauth's views, only those we use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.http import HttpRequest, HttpResponseBase
from django.urls import path, re_path
from django.views.generic import RedirectView

from takeroot.pages import passkeys


def anew(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Who has just shown again that it is them, or changed a lock, goes on in a new session: an
    address of the old one that somebody may have is worth nothing."""

    @wraps(view)
    def step(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302:
            request.session.cycle_key()
        return response

    return step


urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    # The key has dashes of its own: the first dash parts it from the account.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", anew(account.reauthenticate), name="account_reauthenticate"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", anew(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", anew(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", anew(totp.deactivate_totp), name="mfa_deactivate_totp"),
    # allauth goes to its list of passkeys after a change; ours stands on the page of the account.
    path("2fa/passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", anew(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/remove/", anew(passkeys.remove), name="mfa_remove_webauthn"),
    path(
        "2fa/passkeys/reauthenticate/",
        anew(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "2fa/recovery-codes/generate/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "2fa/recovery-codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
