"""Centre, Party, User, Membership: who there is, and where they belong."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from takeroot.accounts.enums import PartyKind, Period, roles
from takeroot.common.keeping import Keeps, Travels
from takeroot.common.models import BaseModel, Versioned
from takeroot.common.text import search_key, sort_key, tidy
from takeroot.common.walls import Wall


class Centre(BaseModel, Versioned):
    """A community with a programme: its names, its words, its settings. Public by nature."""

    slug = models.SlugField(unique=True, max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120)
    connector_word_en = models.CharField(
        _("your word for “Connector”, in English"), max_length=40, default="Connector"
    )
    connector_word_fr = models.CharField(
        _("your word for “Connector”, in French"), max_length=40, default="Connecteur"
    )
    place_code = models.CharField(_("community"), max_length=90, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="America/Halifax")
    email = models.EmailField(_("e-mail that people can write to"), blank=True)
    postal_address = models.CharField(_("postal address"), max_length=200, blank=True)

    referrals_asked = models.PositiveSmallIntegerField(
        _("referrals asked of each Connector"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    hops = models.PositiveSmallIntegerField(
        _("hops"), default=2, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    capacity_period = models.CharField(
        _("a Connector's places are counted"),
        max_length=10,
        choices=Period,
        default=Period.QUARTER,
    )
    least_quality = models.PositiveSmallIntegerField(
        _("least quality of a match"), default=300, validators=[MaxValueValidator(1000)]
    )
    radius_km = models.PositiveSmallIntegerField(
        _("farthest distance for meeting in person, in kilometres"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
    )
    language_floor = models.PositiveSmallIntegerField(
        _("least level of a common language (CLB or NCLC)"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    accepts_temporary_residents = models.BooleanField(
        _("temporary residents may take part"), default=True
    )
    accepts_graduates = models.BooleanField(
        _("international and local graduates may take part"), default=True
    )
    requests_most = models.PositiveSmallIntegerField(
        _("most requests to one Connector in any stretch of that length"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    contact_days = models.PositiveSmallIntegerField(
        _("days after which the address of somebody who never answered is deleted"),
        default=30,
        validators=[MinValueValidator(7), MaxValueValidator(180)],
    )

    draft_days = models.PositiveSmallIntegerField(
        _("days after which an application that was never sent is deleted"),
        default=30,
        validators=[MinValueValidator(2), MaxValueValidator(180)],
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days within which you answer somebody who applies or offers to help"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    onward_steps_en = models.TextField(
        _("where you send people whom the programme cannot take, in English"),
        blank=True,
        max_length=4000,
    )
    onward_steps_fr = models.TextField(
        _("where you send people whom the programme cannot take, in French"),
        blank=True,
        max_length=4000,
    )

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_fr if (get_language() or "").startswith("fr") else self.name_en

    @property
    def connector_word(self) -> str:
        french = (get_language() or "").startswith("fr")
        return self.connector_word_fr if french else self.connector_word_en

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class CentreOwned(BaseModel):
    """A row that belongs to one centre (and could be distributed by it)."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")

    wall: ClassVar[Wall | None] = Wall()
    # How the table holds people; without a declaration a test fails.
    keeps: ClassVar[Keeps | None] = None

    class Meta:
        abstract = True


class Party(CentreOwned, Versioned):
    """Whoever can owe, own, answer or be told: a person, an organization, a contact."""

    kind = models.CharField(max_length=12, choices=PartyKind)
    name = models.CharField(_("name"), max_length=200)
    sort_key = models.CharField(max_length=220, editable=False, db_index=True)
    search_key = models.CharField(max_length=460, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(
        _("language for letters"),
        max_length=2,
        choices=[("en", "English"), ("fr", "Français")],
        default="en",
    )
    timezone = models.CharField(max_length=40, blank=True)
    # Set when their mailbox refuses letters for good; a new address clears it.
    mail_bounced_at = models.DateTimeField(null=True, blank=True)
    # Set when the person asked to be forgotten, or moved away: name and addresses are gone, counts
    # stay true.
    severed_at = models.DateTimeField(null=True, blank=True)
    # Their file moved to another centre: here only that, and the day (`severed_at`), are known.
    moved_to = models.ForeignKey(
        Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Two files were one person's: this one is read as part of that one (docs/decisions).
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from"
    )

    wall = Wall(opened=("id",))
    keeps = Keeps(
        label=_("name and addresses"),
        travels=Travels.WITH_FILE,
        key=True,
        about={"id": ("name", "email", "phone", "language", "timezone")},
        forget={
            "name": "—",
            "sort_key": "—",
            "search_key": "—",
            "email": "",
            "phone": "",
            "timezone": "",
        },
    )

    class Meta:
        indexes = [
            models.Index(fields=["centre", "kind", "sort_key"], name="party_by_name"),
            GinIndex(fields=["search_key"], name="party_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What a letter calls them. Names are not cut on a guess about family names: the first
        word, unless there is only one."""
        return self.name.split(" ")[0]

    @property
    def whole(self) -> Party:
        """The file that stands for this person: the one it was merged into, else itself."""
        return self.merged_into or self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = tidy(self.name)
        self.email = self.email.strip()
        self.refresh_keys()
        super().save(*args, **kwargs)

    def refresh_keys(self) -> None:
        self.sort_key = sort_key(self.name)[:220]
        self.search_key = search_key(f"{self.name} {self.email}")[:460]


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None, party: Party | None = None) -> User:
        user = User(email=self.normalize_email(email).lower(), party=party)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A sign-in. Read before anybody is known, so it holds nothing but what sign-in needs."""

    email = models.EmailField(_("e-mail"), unique=True)
    party = models.OneToOneField(Party, null=True, on_delete=models.PROTECT, related_name="user")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, label: str) -> bool:
        return False


class Membership(BaseModel):
    """A user's role in a centre."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=30, choices=roles)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "centre"], name="one_role_in_a_centre")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}"
