"""Beginning a centre from the command line, so that a new installation has somebody to sign in."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify

from takeroot.access.actor import acting, system_actor
from takeroot.accounts.enums import STAFF_ROLES, Role
from takeroot.accounts.models import Centre, Membership, User
from takeroot.accounts.services import create_account, create_centre
from takeroot.config.problems import CentreProblem
from takeroot.facts.places import Place, resolve


def begin_centre(
    *, name_en: str, name_fr: str, place: str, email: str, name: str = "", language: str = "en"
) -> str:
    """Make the centre and its first coordinator in one transaction; return what to tell the
    person, with a link to set the password. Somebody who signs in already gets the new centre
    beside the others. Raises CentreProblem."""
    where = _place(place)
    email = _address(email)
    with transaction.atomic():
        centre = _centre(name_en, name_fr, where)
        user = _member(centre, email, name, Role.COORDINATOR, language)
        begun = f"The centre «{centre.name_en}» ({where.name_en}, {where.province}) is begun."
        return f"{begun}\n{_how_to_sign_in(user)}"


def invite(*, slug: str, email: str, role: str, name: str = "", language: str = "en") -> str:
    """Give somebody a role in a centre; return what to tell them. Raises CentreProblem."""
    email = _address(email)
    centre = Centre.objects.filter(slug=slug).first()
    if centre is None:
        known = ", ".join(Centre.objects.values_list("slug", flat=True)) or "none yet"
        raise CentreProblem(f"There is no centre «{slug}». There are: {known}.")
    if role not in STAFF_ROLES:
        raise CentreProblem(
            f"--role «{role}» is not a role of the staff; expected one of "
            f"{', '.join(sorted(STAFF_ROLES))}. Nothing was made."
        )
    if Membership.objects.filter(user__email=email, centre=centre).exists():
        raise CentreProblem(f"{email} has a role in «{slug}» already. Nothing was changed.")
    with transaction.atomic():
        return _how_to_sign_in(_member(centre, email, name, role, language))


def close_account(*, email: str) -> str:
    """Close somebody's sign-in: their next request is refused. Their work stays theirs by name.
    Raises CentreProblem."""
    if not User.objects.filter(email=_address(email)).update(is_active=False):
        raise CentreProblem(f"Nobody signs in as {email}. Nothing was changed.")
    return f"{email} can no longer sign in, and any open session ends with its next page."


def _member(centre: Centre, email: str, name: str, role: str, language: str) -> User:
    user = User.objects.filter(email=email).first()
    with acting(system_actor(centre.pk, purpose="invite")):
        if user is not None:
            Membership.objects.create(user=user, centre=centre, role=role)
            return user
        return create_account(
            centre=centre,
            name=name or email.split("@")[0],
            email=email,
            password=None,
            role=role,
            language=language,
        )


def _how_to_sign_in(user: User) -> str:
    if user.has_usable_password():
        return f"{user.email} signs in as before and finds it there."
    return (
        f"Give {user.email} this link; it sets a password, once, within "
        f"{settings.PASSWORD_RESET_TIMEOUT // 86400} days:\n{password_link(user)}"
    )


def password_link(user: User) -> str:
    """The address behind which somebody sets a password; void once it was used."""
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key])
    return f"{settings.BASE_URL}{path}"


def _place(text: str) -> Place:
    found = resolve(text)
    if found.place is not None:
        return found.place
    known = "; ".join(f"{one.name_en}, {one.province}" for one in found.alternatives[:5])
    raise CentreProblem(
        f"--place «{text}»: no such community, or several. Expected its name and province, such "
        "as «Truro, NS»."
        + (f" Perhaps one of these: {known}." if known else "")
        + " Nothing was made."
    )


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as problem:
        raise CentreProblem(
            f"--coordinator «{text}» is not an e-mail address. Nothing was made."
        ) from problem
    return email


def _centre(name_en: str, name_fr: str, where: Place) -> Centre:
    slug = slugify(name_en)[:60]
    if Centre.objects.filter(slug=slug).exists():
        raise CentreProblem(
            f"There is a centre «{name_en}» already. Choose another name. Nothing was made."
        )
    try:
        return create_centre(
            slug=slug,
            name_en=name_en,
            name_fr=name_fr,
            place_code=where.id,
            timezone=where.timezone,
        )
    except ValidationError as problem:
        raise CentreProblem(f"{' '.join(problem.messages)} Nothing was made.") from problem
