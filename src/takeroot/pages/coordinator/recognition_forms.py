"""Forms of a year's recognition: the rule of each category, a juror, why somebody is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from takeroot.connections.enums_recognition import Answer, Category
from takeroot.connections.models_recognition import Recognition
from takeroot.connections.recognition import MEASURES, Rule, rules_of

# What an empty form proposes; every centre says its own.
_BEGIN = {
    Category.CONNECTOR: Rule(Category.CONNECTOR, {"met": 2}, ("met", "doors"), 5),
    Category.ORGANIZATION: Rule(Category.ORGANIZATION, {"active": 2}, ("active", "connectees"), 3),
}


class RuleForm(forms.Form):
    """Least counts and the order, for each category. A category without any count is not given."""

    least_votes = forms.IntegerField(
        label=gettext_lazy("How many votes does a decision need at least?"),
        min_value=1,
        max_value=20,
        help_text=gettext_lazy(
            "Whoever stands aside does not count. With fewer votes nothing is decided."
        ),
    )

    def __init__(self, *args: Any, years: list[int], row: Recognition | None = None, **more: Any):
        known = rules_of(row.rules) if row else list(_BEGIN.values())
        more["initial"] = _initial(known, row)
        super().__init__(*args, **more)
        if row is None:
            self.fields["year"] = forms.TypedChoiceField(
                label=_("Year"), coerce=int, choices=[(year, str(year)) for year in years]
            )
            self.order_fields(("year",))
        for category in Category:
            self._add(category)

    def _add(self, category: Category) -> None:
        measures = MEASURES[category]
        for measure in measures:
            self.fields[f"{category.value}_{measure.value}"] = forms.IntegerField(
                label=_("%(what)s: at least") % {"what": capfirst(str(measure.label))},
                min_value=0,
                max_value=9999,
                required=False,
            )
        choices = [(measure.value, str(measure.label)) for measure in measures]
        self.fields[f"{category.value}_first"] = forms.ChoiceField(
            label=_("The most of what stands first?"), choices=choices
        )
        self.fields[f"{category.value}_second"] = forms.ChoiceField(
            label=_("If that is equal, the most of what?"),
            choices=[("", _("then they share the place")), *choices],
            required=False,
        )
        self.fields[f"{category.value}_most"] = forms.IntegerField(
            label=_("How many places stand before the jury?"), min_value=1, max_value=100
        )

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """The fields of each category."""
        for category in Category:
            names = [name for name in self.fields if name.startswith(f"{category.value}_")]
            yield str(category.label), [self[name] for name in names]

    @property
    def rules(self) -> list[Rule]:
        return [rule for rule in map(self._rule, Category) if any(rule.least.values())]

    def _rule(self, category: Category) -> Rule:
        def said(name: str) -> Any:
            return self.cleaned_data[f"{category.value}_{name}"]

        order = dict.fromkeys(one for one in (said("first"), said("second")) if one)
        least = {m.value: said(m.value) for m in MEASURES[category] if said(m.value)}
        return Rule(category.value, least, tuple(order), said("most"))


def _initial(rules: list[Rule], row: Recognition | None) -> dict[str, Any]:
    found: dict[str, Any] = {"least_votes": row.least_votes if row else 2}
    for category in Category:
        # A category that is not given keeps its proposed order, with no count.
        rule = next((one for one in rules if one.category == category), None)
        order = rule.order if rule else _BEGIN[category].order
        found |= {f"{category.value}_{m}": n for m, n in (rule.least if rule else {}).items()}
        found[f"{category.value}_first"] = order[0]
        found[f"{category.value}_second"] = order[1] if len(order) > 1 else ""
        found[f"{category.value}_most"] = rule.most if rule else _BEGIN[category].most
    return found


class JurorForm(forms.Form):
    """Somebody of the staff or from outside: an address is enough."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy(
            "They decide by a link in a letter; no account is needed. Whoever the centre knows "
            "under this address is that person."
        ),
    )
    organization = forms.CharField(
        label=gettext_lazy("Where do they work, if they do?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("So that they stand aside where it is about their own house."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language for letters"),
        choices=[("en", "English"), ("fr", "Français")],
        widget=forms.RadioSelect,
    )


class AnswerForm(forms.Form):
    """One question, three answers: by their own link, or told to the staff."""

    answer = forms.ChoiceField(
        label=gettext_lazy("Would it be welcome?"),
        choices=[
            (Answer.PUBLIC.value, gettext_lazy("Yes, and everybody may know")),
            (Answer.JURY.value, gettext_lazy("Yes, but only the jury may know")),
            (Answer.NO.value, gettext_lazy("No, thank you")),
        ],
        widget=forms.RadioSelect,
    )


class LeaveOutForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why are they left out?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The list comes from the rule; whoever departs from it says why. It is kept with the "
            "decision, and they may read it in the copy of their own file."
        ),
    )
