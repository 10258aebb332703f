"""Two small files in every dress: plainly fictional people, real places and occupations."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl

CONNECTEES = [
    ["id", "name", "occupation", "languages", "interests", "target_organizations", "community",
     "mode", "waiting_since", "not_with"],
    ["C1", "Amina Example", "31301", "en:8;fr:9", "choir;hiking", "Regional Hospital", "Truro, NS",
     "either", "2026-03-03", ""],
    ["C2", "Dmytro Démo", "welder", "en:6;uk", "", "", "Moncton, NB", "in_person", "2026-08-01",
     "K2"],
    ["C3", "Ngozi Specimen", "21223", "en:10", "chess", "", "Halifax, NS", "video", "2026-10-01",
     ""],
    ["C4", "Zoë Modèle", "31301", "fr:9;ar", "", "Regional Hospital", "Truro, NS", "in_person",
     "2026-01-15", ""],
]  # fmt: skip
CONNECTORS = [
    ["id", "name", "occupation", "organization", "capacity", "languages", "interests", "community",
     "mode", "lived_experience", "not_with"],
    ["K1", "Rachel Échantillon", "31301", "Regional Hospital", "1", "en:12;fr:12", "choir",
     "Truro, NS", "either", "no", ""],
    ["K2", "Luc Fictif", "72106", "Iron Works Ltd.", "2", "en:12;fr:12", "", "Moncton, NB",
     "either", "yes", ""],
    ["K3", "Anne Prototype", "21211", "Data House", "1", "en:12", "chess", "Halifax, NS", "video",
     "", "C1"],
]  # fmt: skip

# What the same columns and words are called in a French file.
FRENCH = {
    "name": "Nom", "occupation": "Profession", "languages": "Langues", "interests": "Intérêts",
    "target_organizations": "Organisations visées", "community": "Collectivité",
    "waiting_since": "En attente depuis", "not_with": "Pas avec", "organization": "Organisation",
    "capacity": "Capacité", "lived_experience": "Expérience vécue", "either": "indifférent",
    "in_person": "en personne", "video": "vidéo", "yes": "oui", "no": "non", "welder": "soudeur",
}  # fmt: skip


def french(rows: list[list[str]]) -> list[list[str]]:
    return [[FRENCH.get(cell, cell) for cell in row] for row in rows]


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """CSV, or XLSX when the name says so."""
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(path)
        return path
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
