"""Forms for files and introductions: the same for their owners and for staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from takeroot.documents.inspection import MOST_BYTES
from takeroot.documents.services import LONGEST_PITCH


class FileForm(forms.Form):
    """A résumé as a file."""

    file = forms.FileField(
        label=_("The file"),
        max_length=200,
        help_text=_("PDF, Word (DOCX), OpenDocument (ODT) or plain text, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The name of this file is too long. Give it a shorter one."),
        },
    )

    def clean_file(self) -> Any:
        file: Any = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _t("This file is larger than %(most)d MB. Save it smaller, or without pictures.")
                % {"most": MOST_BYTES // 2**20}
            )
        return file

    @property
    def handed(self) -> tuple[str, bytes]:
        """Its name and its bytes."""
        file = self.cleaned_data["file"]
        return str(file.name), file.read(MOST_BYTES + 1)


class PitchForm(forms.Form):
    """The introduction in two minutes, in words."""

    text = forms.CharField(
        label=_("Who are you, what can you do, what are you looking for?"),
        max_length=LONGEST_PITCH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write a few sentences first.")},
    )
