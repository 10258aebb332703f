"""The words of the credits, for translation: the facts that hold them know no language."""

from django.utils.translation import gettext_noop as _

# What `takeroot.facts.credits` says in English; the page translates each. A test keeps them equal.
CREDIT_WORDS = (
    _("National Occupational Classification (NOC) 2021, Version 1.0"),
    _("2021 Census, standard geographical units"),
    _("GeoNames"),
    _("Language test equivalency charts"),
    _("Statistics Canada"),
    _("Immigration, Refugees and Citizenship Canada"),
    _("Statistics Canada Open Licence"),
    _("CC BY 4.0"),
    _("Published facts (Government of Canada)"),
    _("Occupations, their groups, and the English index of job titles"),
    _("Codes and names of census subdivisions"),
    _(
        "Places: names, coordinates, populations and time zones; changed: selected, corrected "
        "and joined to census codes"
    ),
    _("Test scores and the CLB and NCLC levels they mean"),
)
