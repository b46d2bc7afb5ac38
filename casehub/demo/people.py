"""The fictional people of the demo region: invented names, in each State the same eight posts."""

from __future__ import annotations

from dataclasses import dataclass

from casehub.directory.functions import FOCAL_POINT, FUNCTIONS, SIGNATORY

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
    """One of the posts of every State: its handle, role, kind of office, what functions it has."""

    handle: str
    role: str
    office: str
    functions: tuple[str, ...] = ()


POSTS = (
    Post("cancilleria1", "ministry", "ministry"),
    Post("cancilleria2", "ministry", "ministry"),
    Post("coordinacion", "coordinator", "specialised-unit", FUNCTIONS),
    Post("enlace1", "liaison", "specialised-unit", (FOCAL_POINT,)),
    Post("enlace2", "liaison", "specialised-unit", (SIGNATORY,)),
    Post("central", "central-authority", "central"),
    Post("auditoria1", "national-auditor", "supervision"),
    Post("auditoria2", "national-auditor", "supervision"),
)
REGIONAL_POSTS = (
    Post("auditoria1", "regional-auditor", "regional"),
    Post("auditoria2", "regional-auditor", "regional"),
    Post("secretaria", "secretariat", "regional"),
)
KINDS = ("prosecution", "specialised-unit", "ministry", "central", "supervision")

#  The same words in the languages that States work in; a person reads them as their State writes.
_OFFICES = {
    "ministry": {
        "es": "Ministerio de Relaciones Exteriores",
        "en": "Ministry of Foreign Affairs",
        "fr": "Ministère des Affaires étrangères",
    },
    "prosecution": {
        "es": "Ministerio Público",
        "en": "Public Prosecutions",
        "fr": "Poursuites pénales",
    },
    "specialised-unit": {
        "es": "Ministerio Público, unidad especializada",
        "en": "Public Prosecutions, Special Unit",
        "fr": "Poursuites pénales, unité spécialisée",
    },
    "central": {"es": "Autoridad central", "en": "Central Authority", "fr": "Autorité centrale"},
    "supervision": {
        "es": "Órgano de supervisión",
        "en": "Oversight Body",
        "fr": "Organe de contrôle",
    },
}
# Where a State's prosecution has a name of its own, as the rulebook's files of the States tell.
_OWN_OFFICES = {
    ("prosecution", "SV"): "Fiscalía General de la República",
    ("prosecution", "MX"): "Fiscalía General de la República",
    ("specialised-unit", "SV"): "Fiscalía General de la República, unidad especializada",
    ("specialised-unit", "MX"): "Fiscalía General de la República, unidad especializada",
}
_TITLES = {
    "ministry": {
        "es": "Oficial de Cancillería",
        "en": "Foreign Affairs Officer",
        "fr": "Agent des Affaires étrangères",
    },
    "coordinator": {
        "es": "Coordinación nacional",
        "en": "National Coordinator",
        "fr": "Coordination nationale",
    },
    "liaison": {
        "es": "Fiscal de enlace",
        "en": "Liaison Prosecutor",
        "fr": "Procureur de liaison",
    },
    "central-authority": {
        "es": "Oficial de la autoridad central",
        "en": "Central Authority Officer",
        "fr": "Agent de l’autorité centrale",
    },
    "national-auditor": {
        "es": "Auditoría nacional",
        "en": "National Auditor",
        "fr": "Audit national",
    },
    "regional-auditor": {"es": "Auditoría regional"},
    "secretariat": {"es": "Secretaría técnica"},
}
#  What some liaisons have in their charge, in the language of their State.
_NORTH = {"es": "Zona norte", "en": "Northern region", "fr": "Région du Nord"}
IN_THE_NORTH = frozenset({"SV", "GT", "MX", "US", "CA"})
DEPUTIES = {("SV", "enlace1"): "enlace2"}  # who stands in for whom
WRITES = {"BZ": ("en",), "US": ("en",), "CA": ("en", "fr")}
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


def _written(words: dict[str, str], state: str) -> str:
    return " / ".join(words[language] for language in WRITES.get(state, ("es",)))


def region_of(post: Post, state: str) -> str | None:
    """Return the part of the State that a post is for, or None for all of it."""
    here = post.handle == "enlace2" and state in IN_THE_NORTH
    return _written(_NORTH, state) if here else None


def title_of(post: Post, state: str) -> str:
    """Return what a post is called in the State's language; both, where it writes in two."""
    return _written(_TITLES[post.role], state)


def office_of(kind: str, state: str) -> str:
    """Return the name of a kind of office in the State's language, or languages."""
    return _OWN_OFFICES.get((kind, state)) or _written(_OFFICES[kind], state)
