"""What is installed for somebody, and what they are only told of."""

from __future__ import annotations

import pytest

from tools import apt
from tools.steps import Stop


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What would be run, as root on a Debian without systemd."""
    commands = []
    monkeypatch.setattr(apt.os, "geteuid", lambda: 0)
    monkeypatch.setattr(apt.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(apt, "SYSTEMD", tmp_path / "systemd")
    monkeypatch.setattr(apt, "must", lambda _, command: commands.append(" ".join(command)))
    return commands


class TestAPackage:
    def test_is_installed_after_the_lists_were_read(self, asked):
        apt.install(["one", "two"], "--small", otherwise="no")
        apt_get = "env DEBIAN_FRONTEND=noninteractive apt-get"
        assert asked == [f"{apt_get} update", f"{apt_get} install -y --small one two"]

    def test_is_asked_for_by_sudo_where_nobody_types_a_password(self, asked, monkeypatch):
        monkeypatch.setattr(apt.os, "geteuid", lambda: 1000)
        apt.install(["one"], otherwise="no")
        assert all(command.startswith("sudo -n env ") for command in asked)
        monkeypatch.setattr(apt.shutil, "which", lambda name: None if name == "sudo" else name)
        with pytest.raises(Stop, match=r"^as root$"):
            apt.install(["one"], otherwise="as root")

    def test_is_told_where_there_is_no_debian(self, asked, monkeypatch):
        monkeypatch.setattr(apt.shutil, "which", lambda _: None)
        with pytest.raises(Stop, match=r"^by hand$"):
            apt.install(["one"], otherwise="by hand")
        assert asked == []

    @pytest.mark.parametrize("serves", [False, True])
    def test_that_brings_a_server_is_told_where_that_would_start(self, asked, serves):
        apt.SYSTEMD.mkdir()
        if serves:
            with pytest.raises(Stop, match=r"^by hand$"):
                apt.install(["one"], otherwise="by hand", serves=True)
        else:
            apt.install(["one"], otherwise="by hand")
        assert bool(asked) is not serves
