"""A list from the command line: a dry run first, then all of it, and a second time nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from takeroot.accounts.models import Centre
from takeroot.config.importing import import_list
from takeroot.config.problems import ImportProblem
from takeroot.connections.models import Connectee
from tests.cast import house_of

pytestmark = pytest.mark.django_db
LIST = (
    "id,name,occupation,languages,mode\n"
    "C1,Amina Example,nurse,en:8,video\n"
    "C2,Noé Sample,31301,fr:9;en:5,either\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(LIST)
    return path


def run(centre: Centre, file: Path, *, load: bool) -> str:
    said: list[str] = []
    import_list(
        slug=centre.slug, path=file, kind="connectees", load=load, say=said.append,
        warn=said.append,
    )  # fmt: skip
    return "\n".join(said)


def people(centre: Centre) -> int:
    with house_of(centre):
        return Connectee.objects.count()


def test_a_dry_run_changes_nothing_and_loading_does_what_it_said(
    centre: Centre, file: Path
) -> None:
    assert "2 rows: 2 new" in run(centre, file, load=False)
    assert people(centre) == 0
    assert "Loaded." in run(centre, file, load=True)
    assert people(centre) == 2


def test_the_same_list_again_changes_nothing(centre: Centre, file: Path) -> None:
    run(centre, file, load=True)
    assert "0 new, 0 changed, 2 as they were" in run(centre, file, load=True)
    assert people(centre) == 2


def test_people_come_into_the_named_centre_only(
    centre: Centre, other_centre: Centre, file: Path
) -> None:
    run(centre, file, load=True)
    assert (people(centre), people(other_centre)) == (2, 0)


@pytest.mark.parametrize("content", ["", "colour,size\nred,9\n", "\0\0\0"])
def test_what_is_no_list_loads_nothing_and_says_so(
    content: str, centre: Centre, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text(content)
    with pytest.raises(ImportProblem, match="Nothing was loaded"):
        run(centre, path, load=True)
    assert people(centre) == 0


def test_an_unknown_centre_or_file_is_said(centre: Centre, file: Path, tmp_path: Path) -> None:
    with pytest.raises(ImportProblem, match="There are: truro"):
        import_list(slug="nowhere", path=file, kind="connectees", load=True, say=print, warn=print)
    with pytest.raises(ImportProblem, match="cannot be read"):
        run(centre, tmp_path / "missing.csv", load=True)
