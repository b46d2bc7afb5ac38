"""What the e-mail says, in three languages: numbers, and where one signs in."""

from __future__ import annotations

import re

import pytest

from casehub.core.errors import LANGUAGES
from casehub.digests.letters import Counts, subject_of, text_of

SITE = "https://casehub.example"
ALL = Counts(messages=12, urgent=3, notices=4, hands=5, deadlines=6)
SUBJECTS = {
    "es": "Hay novedades en CaseHub",
    "en": "There is news in CaseHub",
    "fr": "Il y a du nouveau dans CaseHub",
}


def test_in_spanish_it_reads_like_this():
    assert text_of(ALL, "es", site=SITE).splitlines()[:10] == [
        "Hay novedades en CaseHub.",
        "",
        "Mensajes sin leer: 12",
        "De ellos, urgentes: 3",
        "Avisos de otros Estados sin acuse del suyo: 4",
        "Actos que esperan su intervención: 5",
        "Con plazo en los próximos siete días: 6",
        "",
        "Para verlas, entre en:",
        SITE,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
class TestTheText:
    def test_begins_with_the_subjects_one_sentence(self, language):
        assert subject_of(language) == SUBJECTS[language]
        assert text_of(ALL, language, site=SITE).startswith(SUBJECTS[language])

    def test_has_a_line_for_each_count_and_no_other_number(self, language):
        numbers = re.findall(r"\d+", text_of(ALL, language, site=SITE))
        assert numbers == ["12", "3", "4", "5", "6"]

    def test_leaves_out_what_is_nothing(self, language):
        said = text_of(Counts(hands=1), language, site=SITE)
        assert re.findall(r"\d+", said) == ["1"]
        assert len(said.split("\n\n")) == 4

    def test_leads_to_the_site_and_nowhere_else(self, language):
        said = text_of(ALL, language, site=SITE)
        assert re.findall(r"\S*://\S*", said) == [SITE]

    def test_ends_with_why_one_got_it(self, language):
        assert "CaseHub" in said_first(language)
        assert text_of(ALL, language, site=SITE).endswith(".\n")


def said_first(language):
    return text_of(ALL, language, site=SITE).partition("\n")[0]


def test_there_is_nothing_to_say_where_all_is_nothing():
    assert not Counts()
    assert all(Counts(**{name: 1}) for name in ALL.__slots__)
