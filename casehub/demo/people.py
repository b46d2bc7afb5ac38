"""The fictional people of the demo region: invented names, in each State the same eight posts."""

from __future__ import annotations

from dataclasses import dataclass

GIVEN_ES = (
    "Lucía", "Marina", "Raúl", "Beatriz", "Ernesto", "Ximena", "Gustavo", "Noemí", "Adrián",
    "Paola", "Tomás", "Verónica", "Óscar", "Julieta", "Ramiro", "Elisa", "Fabián", "Graciela",
    "Hugo", "Irene", "Joaquín", "Karla", "Leonel", "Mireya",
)  # fmt: skip
FAMILY_ES = (
    "Arévalo", "Ortega", "Chávez", "Solís", "Peñate", "Quiñónez", "Barahona", "Ulloa", "Zeledón",
    "Íñiguez", "Montúfar", "Valdés", "Escobar", "Cáceres", "Lemus", "Rosales", "Tejada",
)  # fmt: skip
GIVEN_EN = ("Alice", "Colin", "Denise", "Evan", "Fiona", "Grant", "Helen", "Ian", "Joan", "Kyle")
FAMILY_EN = ("Archer", "Bowen", "Castle", "Dunmore", "Ellery", "Fenwick", "Garland", "Hale")
GIVEN_FR = ("Élise", "Bruno", "Chantal", "Didier", "Estelle", "Florent", "Gisèle", "Honoré")


@dataclass(frozen=True, slots=True)
class Post:
    """One of the posts that every State fills: its handle, role, office and title."""

    handle: str
    role: str
    office: str
    title: str


POSTS = (
    Post("cancilleria1", "ministry", "ministry", "Oficial de Cancillería"),
    Post("cancilleria2", "ministry", "ministry", "Oficial de Cancillería"),
    Post("coordinacion", "coordinator", "prosecution", "Coordinación nacional"),
    Post("enlace1", "liaison", "prosecution", "Fiscal de enlace"),
    Post("enlace2", "liaison", "prosecution", "Fiscal de enlace"),
    Post("central", "central-authority", "central", "Oficial de la autoridad central"),
    Post("auditoria1", "national-auditor", "supervision", "Auditoría nacional"),
    Post("auditoria2", "national-auditor", "supervision", "Auditoría nacional"),
)
REGIONAL_POSTS = (
    Post("auditoria1", "regional-auditor", "regional", "Auditoría regional"),
    Post("auditoria2", "regional-auditor", "regional", "Auditoría regional"),
    Post("secretaria", "secretariat", "regional", "Secretaría técnica"),
)
OFFICES = {
    "ministry": "Ministerio de Relaciones Exteriores",
    "prosecution": "Ministerio Público, unidad especializada",
    "central": "Autoridad central",
    "supervision": "Órgano de supervisión",
}
ENGLISH = frozenset({"BZ", "US"})
LANGUAGES = {"BZ": "en,es", "US": "en,es", "CA": "fr,en"}


def name_of(state: str, number: int, index: int) -> str:
    """Return an invented name: the same each time, and unlike its neighbours'."""
    turn = number * 5 + index
    if state in ENGLISH:
        return f"{GIVEN_EN[turn % len(GIVEN_EN)]} {FAMILY_EN[(turn * 3) % len(FAMILY_EN)]}"
    if state == "CA":
        return f"{GIVEN_FR[turn % len(GIVEN_FR)]} {FAMILY_EN[(turn * 3) % len(FAMILY_EN)]}"
    return f"{GIVEN_ES[turn % len(GIVEN_ES)]} {FAMILY_ES[(turn * 7 + number) % len(FAMILY_ES)]}"
