"""A region of tools.region begun from a place that was migrated and seeded already."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.region import private
from tools.region.region import Region

from .casehub_server import Place


class Begun(Region):
    """
    The region of `make region` whose database and demo's keys are a full place's, as from a backup.

    What migrates stands in compose.yaml, and is run here all the same; it finds most of it done.
    """

    def __init__(self, home: Path, place: Place, *, tls: bool) -> None:
        super().__init__(home, tls=tls)
        self._place = place

    def _prepare(self) -> None:
        # What the seed sealed, these open.
        folder = self.home / "secrets"
        folder.mkdir()
        for name, kept in {
            "secret_key": "demo/secret-key",
            "events_key": "log-keys/events",
        }.items():
            shutil.copy(self._place.data / kept, folder / name)
        shutil.copytree(self._place.data / "demo", self.home / "data" / "demo")
        super()._prepare()

    def _tables(self) -> None:
        programs = private.postgres_tree() / "bin"
        socket, name = self._place.owner["DATABASE_URL"].removeprefix("postgres:///").rsplit("/", 1)
        dumped = subprocess.run(
            [programs / "pg_dump", "--no-owner", "--no-privileges", "-h", f"/{socket}", name],
            check=True,
            capture_output=True,
        )
        url = Path(self.services["migrate"].environment["DATABASE_URL_FILE"]).read_text("utf-8")
        subprocess.run(
            [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", url],
            input=dumped.stdout,
            check=True,
        )
        super()._tables()

    def _people(self) -> None:
        """They came with the tables."""
