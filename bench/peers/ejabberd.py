"""ejabberd of Debian with its archive in PostgreSQL."""

from __future__ import annotations

import getpass
from pathlib import Path

from tools.region import private
from tools.region.postgres import Postgres

from . import debian
from .started import Program
from .xmpp import HOST, ROOMS
from .xmpp_server import XmppServer

_CONFIG = """
hosts: ["{host}"]
loglevel: error
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
    shaper: none
auth_method: [anonymous]
anonymous_protocol: login_anon
allow_multiple_connections: true
disable_sasl_mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "X-OAUTH2"]
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {sql_port}
sql_database: "{database}"
sql_username: "{user}"
sql_password: "none"
default_db: sql
update_sql_schema: true
modules:
  mod_disco: {{}}
  mod_mam:
    db_type: sql
    default: always
    assume_mam_usage: false
  mod_muc:
    host: "{rooms}"
    access: all
    access_create: all
    access_mam: all
    db_type: sql
    max_users: 500
    max_user_conferences: 50
    min_message_interval: 0
    history_size: 0
    default_room_options: {{mam: true, persistent: true, max_users: 500}}
"""


def _code() -> list[Path]:
    return sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin"))


class Ejabberd(XmppServer):
    """One ejabberd: a node without a name, which nobody else can reach."""

    name = "ejabberd"

    def missing(self) -> str:
        """Return why it is not there; where that disturbs nobody, it is installed first."""
        why = debian.why_missing("ejabberdctl", ("ejabberd", "erlang-p1-pgsql"))
        return why or ("" if _code() else "its code is not where Debian lays it")

    def versions(self) -> str:
        """Return Debian's."""
        return debian.version("ejabberd")

    def command(self, home: Path, postgres: Postgres) -> Program:
        """Configure and start it, as the user who has PostgreSQL too."""
        config = home / "ejabberd.yml"
        config.write_text(
            _CONFIG.format(
                port=self.port,
                database=postgres.create(),
                user=getpass.getuser(),
                sql_port=postgres.port,
                host=HOST,
                rooms=ROOMS,
            )
        )
        # One scheduler on its one core, which does not spin while it waits.
        command = [
            *("erl", "-noinput", "+S", "1:1", "+sbwt", "none", "+K", "true", "+P", "250000"),
            *("-pa", *_code(), "-mnesia", "dir", f'"{home}/mnesia"', "-s", "ejabberd"),
        ]
        environment = private.environment(home) | {
            "EJABBERD_CONFIG_PATH": str(config),
            "EJABBERD_LOG_PATH": str(home / "ejabberd.log"),
        }
        output = home / "output"
        return Program(
            command, output=output, environment=environment, folder=home, user=private.NOBODY
        )
