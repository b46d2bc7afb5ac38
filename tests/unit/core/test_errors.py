"""The catalogue: every code that anything can raise has a status and words in three languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from casehub.core.errors import (
    LANGUAGES,
    DomainError,
    NotVisible,
    Refused,
    catalogue,
    require,
)

ROOT = Path(__file__).parents[3]
# Every package of the server, found by its settings: a new app is looked at from its first day.
INSTALLED = {name.partition(".")[0] for name in settings.INSTALLED_APPS}
APPS = {name for name in INSTALLED if (ROOT / name).is_dir()}
SOURCES = [
    path
    for app in APPS
    for path in (ROOT / app).rglob("*.py")
    if not {"migrations", "framing"} & set(path.parts)  # MLS reasons have their own list
]
RAISED = re.compile(r'(?<!Mls)(?:Refused|NotAllowed|DomainError|NotVisible)\(\s*"([a-z-]+)"')
CLASS_CODE = re.compile(r'^    code = "([a-z-]+)"', re.MULTILINE)
POLICY = re.compile(r'return "([a-z-]+)"')


def codes_in_the_code() -> set[str]:
    found: set[str] = set()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        found |= set(RAISED.findall(text)) | set(CLASS_CODE.findall(text))
        # Of the accounts and the log some policies answer with a word that is no error.
        app = path.parent.parent if path.parent.name == "policies" else path.parent
        is_policy = path.name == "policies.py" or path.parent.name == "policies"
        if is_policy and app.name not in {"accounts", "audit"}:
            found |= set(POLICY.findall(text))
    return found


class TestCatalogue:
    def test_has_words_for_every_code_that_is_raised(self):
        assert codes_in_the_code() <= set(catalogue())

    def test_is_looked_for_in_every_package_of_the_server(self):
        assert {"audit", "casehub", "messaging", "requests_mla"} <= APPS
        assert {"exception-coordinator", "version-share-full"} <= codes_in_the_code()

    @pytest.mark.parametrize(("one", "other"), [("es", "en"), ("fr", "en"), ("es", "fr")])
    def test_says_no_sentence_alike_in_two_languages(self, one, other):
        alike = [
            (code, part)
            for code, entry in catalogue().items()
            for part in ("message", "do")
            if entry[one][part] == entry[other][part]
        ]
        assert alike == []

    @pytest.mark.parametrize("code", catalogue())
    def test_says_what_happened_and_what_to_do_in_each_language(self, code):
        entry = catalogue()[code]
        assert 400 <= entry["status"] <= 503
        for language in LANGUAGES:
            words = entry[language]
            assert set(words) == {"message", "do"}
            assert all(sentence.endswith(".") and len(sentence) > 5 for sentence in words.values())

    def test_answers_one_status_for_what_is_not_there_and_what_is_not_shown(self):
        assert catalogue()[NotVisible.code]["status"] == 404


class TestDomainError:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_a_number_in_words(self, language):
        body = Refused("code-throttled", seconds=7).as_body(language)
        assert "7 s" in str(body["do"])
        assert "{" not in str(body["message"]) + str(body["do"])

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_says_a_moment_in_words_and_to_programs(self, language):
        until = datetime(2026, 11, 27, 10, 5, tzinfo=UTC)
        body = Refused("person-limited", until=until).as_body(language)
        assert "2026-11-27 10:05 UTC" in str(body["do"])
        assert body["params"] == {"until": "2026-11-27T10:05:00Z"}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_gives_its_body_in_a_language(self, language):
        body = Refused("stale-epoch", epoch=3).as_body(language)
        assert set(body) == {"code", "message", "do", "params"}
        assert (body["code"], body["params"]) == ("stale-epoch", {"epoch": 3})

    #  what a policy says, and what becomes of it
    ANSWERS = [
        (None, None, ""),
        ("not-found", NotVisible, "not-found"),
        ("id-reused", Refused, "id-reused"),
    ]

    @pytest.mark.parametrize(("why", "kind", "code"), ANSWERS)
    def test_comes_of_a_policys_answer(self, why, kind, code):
        if kind is None:
            require(why)
            return
        with pytest.raises(DomainError) as error:
            require(why)
        assert (type(error.value), error.value.code) == (kind, code)
