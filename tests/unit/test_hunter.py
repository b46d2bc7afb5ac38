"""The hunter of plaintext finds what is there: else its silence would mean nothing."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tests.browser.hunter import canary, hunt, packed, spellings

TEXT, OTHER = canary("control"), canary("other")


@pytest.mark.parametrize("form", spellings(TEXT))
def test_a_planted_canary_is_found_in_every_spelling(form: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\x00noise" + spellings(TEXT)[form] + b"noise")
    assert f"control: {form} in log" in hunt([tmp_path], [TEXT])
    assert f"control: {form} in log" in hunt([tmp_path], [OTHER, TEXT])


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_base64_is_found_wherever_in_its_block_the_text_begins(before: str, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(base64.b64encode((before + TEXT + "tail").encode()))
    assert hunt([tmp_path], [TEXT])
    assert hunt([tmp_path], [OTHER, TEXT])


def test_a_compressed_log_is_opened(tmp_path: Path) -> None:
    (tmp_path / "log.gz").write_bytes(b"front" + packed(f"GET /?q={TEXT}"))
    assert hunt([tmp_path], [TEXT]) == ["control: plain in log.gz"]


def test_a_clean_folder_is_clean(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"canario-control-0000")
    assert hunt([tmp_path], [TEXT]) == []
