"""Reports as funders ask for them: figures with period, place, definitions, source and notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from takeroot.access.actor import Actor
from takeroot.accounts.models import Centre
from takeroot.common.tables.workbook import Sheet, write_xlsx
from takeroot.outcomes.adapters import ALL, cell_key
from takeroot.outcomes.indicators import INDICATORS, Indicator, counts_by_month
from takeroot.outcomes.models import Release
from takeroot.outcomes.selectors import figures_of


@dataclass(frozen=True)
class Line:
    """One indicator and its figure in each column; None where it is held back."""

    indicator: Indicator
    figures: tuple[int | None, ...]


@dataclass(frozen=True)
class Report:
    """A table of figures with everything that must stand beside them."""

    place: str
    period: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    source: str
    notes: tuple[str, ...]

    @property
    def held_back(self) -> int:
        return sum(figure is None for line in self.lines for figure in line.figures)

    @property
    def all_held_back(self) -> bool:
        """Nothing but nobody is told."""
        return bool(self.held_back) and not any(f for line in self.lines for f in line.figures)


def month_words(year: int, month: int) -> str:
    return date_format(date(year, month, 1), "F Y")


def month_name(month: int, *, short: bool = False) -> str:
    return capfirst(date_format(date(2000, month, 1), "M" if short else "F"))


def year_words(year: int, through: int) -> str:
    """«2026» when it is whole, else up to which month."""
    if through >= 12:
        return str(year)
    if through == 1:
        return month_words(year, 1)
    return _("January to %(month)s %(year)s") % {
        "month": date_format(date(year, through, 1), "F"),
        "year": year,
    }


def centre_report(*, actor: Actor, centre: Centre, year: int, month: int | None) -> Report:
    """A centre's own report, exact, for its staff."""
    counts = counts_by_month(actor=actor, centre=centre, year=year)
    today = timezone.localdate()
    begun = today.month if year == today.year else 12
    months = [month] if month else range(1, begun + 1)

    def figures(one: Indicator) -> tuple[int, ...]:
        each = tuple(counts[one.key][m - 1] for m in months)
        return each if month else (sum(each), *each)

    columns = [month_words(year, month)] if month else [month_name(m, short=True) for m in months]
    return Report(
        place=centre.name,
        period=month_words(year, month) if month else year_words(year, begun),
        columns=tuple(columns if month else [_("Year"), *columns]),
        lines=tuple(Line(one, figures(one)) for one in INDICATORS),
        source=_("The centre's journey ledger: every figure counts dated events in it."),
        notes=(
            _(
                "Exact figures, for the staff of the centre. In a small town a small figure names "
                "people: pass on only what the secretariat has released."
            ),
            *_words([centre]),
        ),
    )


def _words(centres: Iterable[Centre]) -> list[str]:
    """Which centres have a word of their own for «Connector»."""
    usual = {"Connector", "Connecteur"}
    return [
        _("%(centre)s says “%(word)s” for “Connector”.")
        % {"centre": centre.name, "word": centre.connector_word}
        for centre in centres
        if centre.connector_word not in usual
    ]


def release_report(release: Release, centres: Iterable[Centre], *, month: int | None) -> Report:
    """All centres added up, then side by side, from a release."""
    keys = {cell[0] for cell in release.cells}
    known = [centre for centre in centres if cell_of(release, INDICATORS[0], centre) in keys]
    columns = (_("All centres"), *(centre.name for centre in known))
    figures = figures_of(release)

    def line(one: Indicator) -> Line:
        places = [ALL, *(centre.slug for centre in known)]
        keys = (cell_key(one.key, release.year, place, month) for place in places)
        return Line(one, tuple(figures.get(key) for key in keys))

    return Report(
        place=_("All centres"),
        period=period_words(release, month),
        columns=columns,
        lines=tuple(line(one) for one in INDICATORS),
        source=source_words(release),
        notes=(held_back_words(release), *_words(known)),
    )


def cell_of(release: Release, indicator: Indicator, centre: Centre) -> str:
    return cell_key(indicator.key, release.year, centre.slug)


def period_words(release: Release, month: int | None = None) -> str:
    if month:
        return month_words(release.year, month)
    return year_words(release.year, release.through)


def source_words(release: Release) -> str:
    return _("Release %(number)d of %(day)s, counted from the journey ledgers of the centres.") % {
        "number": release.number,
        "day": date_format(release.created_at, "DATE_FORMAT"),
    }


def held_back_words(release: Release) -> str:
    return _(
        "Figures from 1 to %(most)d are not shown, because in a small town they would name people; "
        "nor are others from which they could be worked out. Zero means that nothing was recorded."
    ) % {"most": release.least - 1}


@dataclass(frozen=True)
class PublicFigure:
    """One figure of a community, as its public page shows it."""

    indicator: Indicator
    figure: int | None


def public_figures(release: Release, centre: Centre) -> tuple[PublicFigure, ...]:
    """What the latest release tells of one centre; empty when it was not there yet."""
    figures = figures_of(release)
    return tuple(
        PublicFigure(one, figures[cell_of(release, one, centre)])
        for one in INDICATORS
        if one.public and cell_of(release, one, centre) in figures
    )


def workbook_of(report: Report) -> bytes:
    """The report as a spreadsheet: the figures, then what they mean."""
    return write_xlsx([_figures_sheet(report), _definitions_sheet(report)])


def _figures_sheet(report: Report) -> Sheet:
    told = _("not shown")
    rows: list[list[str | int | None]] = [[_("Indicator"), _("Unit"), *report.columns]]
    for line in report.lines:
        figures = [told if figure is None else figure for figure in line.figures]
        rows.append([_text(line.indicator.name), _text(line.indicator.unit), *figures])
    rows += [[], [_("Place"), report.place], [_("Period"), report.period]]
    rows.append([_("Source"), report.source])
    for note in report.notes:
        rows.append([_("Note"), note])
    widths = (30, 40, *(14 for _column in report.columns))
    return Sheet(_("Figures"), rows, widths=widths)


def _definitions_sheet(report: Report) -> Sheet:
    rows = [[_("Indicator"), _("Unit"), _("Definition")]]
    for line in report.lines:
        one = line.indicator
        rows.append([_text(one.name), _text(one.unit), _text(one.definition)])
    return Sheet(_("Definitions"), rows, widths=(30, 18, 100))


def _text(words: str | Promise) -> str:
    return str(words)
