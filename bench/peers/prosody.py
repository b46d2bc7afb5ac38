"""Prosody of Debian with its archive in PostgreSQL."""

from __future__ import annotations

import getpass
from pathlib import Path

from tools.region import private
from tools.region.postgres import Postgres

from . import debian
from .started import Program
from .xmpp import HOST, PAGE, ROOMS
from .xmpp_server import XmppServer

# Durable: LuaDBI commits with PostgreSQL's own settings, which are the defaults.
_CONFIG = """
daemonize = false
pidfile = "{home}/pid"
data_path = "{home}"
log = {{ {{ levels = {{ min = "warn" }}, to = "console" }} }}
modules_enabled = {{ "saslauth", "disco", "roster" }}
modules_disabled = {{ "s2s", "tls", "limits" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "insecure"
insecure_open_authentication = "Yes please, I know what I'm doing!"
network_backend = "epoll"
default_storage = "sql"
sql = {{
  driver = "PostgreSQL", database = "{database}", username = "{user}",
  host = "127.0.0.1", port = {sql_port},
}}
archive_expires_after = "never"
VirtualHost "{host}"
Component "{rooms}" "muc"
  modules_enabled = {{ "muc_mam" }}
  muc_log_by_default = true
  muc_log_all_rooms = true
  muc_room_locking = false
  muc_room_default_persistent = true
  max_archive_query_results = {page}
"""


class Prosody(XmppServer):
    """One Prosody."""

    name = "Prosody"

    def missing(self) -> str:
        """Return why it is not there; where that disturbs nobody, it is installed first."""
        return debian.why_missing("prosody", ("prosody", "lua-dbi-postgresql"))

    def versions(self) -> str:
        """Return Debian's."""
        return debian.version("prosody")

    def command(self, home: Path, postgres: Postgres) -> Program:
        """Configure and start it, as the user who has PostgreSQL too."""
        config = home / "prosody.cfg.lua"
        config.write_text(
            _CONFIG.format(
                home=home,
                port=self.port,
                database=postgres.create(),
                user=getpass.getuser(),
                sql_port=postgres.port,
                host=HOST,
                rooms=ROOMS,
                page=PAGE,
            )
        )
        command = ["prosody", "--config", config, "-F"]
        environment = private.environment(home)
        output = home / "output"
        return Program(
            command, output=output, environment=environment, folder=home, user=private.NOBODY
        )
