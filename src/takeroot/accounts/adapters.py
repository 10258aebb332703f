"""How allauth is bent to the house: nobody signs up by themselves, staff are invited."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by a centre; open sign-up stays closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
