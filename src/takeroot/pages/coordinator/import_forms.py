"""Forms of the import: a file, and which of its columns holds which field."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from takeroot.common.spreadsheets import Table, column_letter
from takeroot.common.tables import Column
from takeroot.connections.models_import import ImportKind
from takeroot.connections.services.import_plan import MOST_BYTES, MOST_ROWS

# The fields of a list in words; also the names of what changes.
FIELD_WORDS = {
    "id": _("Your own number (id)"),
    "name": _("Name"),
    "occupation": _("Occupation"),
    "occupation_code": _("Occupation (NOC)"),
    "occupation_text": _("Occupation"),
    "languages": _("Languages"),
    "interests": _("Interests"),
    "community": _("Community"),
    "place_id": _("Community"),
    "mode": _("Likes to meet"),
    "not_with": _("Never to be matched with"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "letter_language": _("Language for letters"),
    "language": _("Language for letters"),
    "target_organizations": _("Organizations they would like to meet"),
    "waiting_since": _("Waiting since"),
    "organization": _("Organization"),
    "capacity": _("People they can meet in each period"),
    "lived_experience": _("Has settled here themselves"),
}


class UploadForm(forms.Form):
    """A list to look at; nothing is loaded yet."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("What is in the list?"), choices=ImportKind.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label=_("The file"),
        help_text=_("CSV or XLSX, with one row of headings. Nothing is kept before you say so."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        more.setdefault("initial", {"key": uuid.uuid4(), "kind": ImportKind.CONNECTEE})
        super().__init__(*args, **more)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is %(size)d MB; files of up to %(most)d MB are read."),
                params={"size": file.size // 1_000_000, "most": MOST_BYTES // 1_000_000},
            )
        return file


class ColumnsForm(forms.Form):
    """Which column of the file holds which field."""

    def __init__(
        self,
        *args: Any,
        table: Table,
        columns: Sequence[Column],
        mapping: Mapping[str, int],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        options = [("", gettext("not in this file"))]
        for at, header in enumerate(table.headers):
            example = next((r.cells[at] for r in table.rows if len(r.cells) > at), "")
            words = f"{column_letter(at)}: {header}"
            options.append((str(at), f"{words} ({example[:30]})" if example else words))
        for column in columns:
            self.fields[column.key] = forms.ChoiceField(
                label=FIELD_WORDS[column.key],
                choices=options,
                required=column.required,
                initial=str(mapping[column.key]) if column.key in mapping else "",
            )

    def mapping(self) -> dict[str, int]:
        return {key: int(value) for key, value in self.cleaned_data.items() if value != ""}


__all__ = ["FIELD_WORDS", "MOST_ROWS", "ColumnsForm", "UploadForm"]
