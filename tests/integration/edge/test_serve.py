"""`manage.py serve`, the real application behind the real server, on both configurations."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from casehub.edge.headers import CONTENT_SECURITY_POLICY, FRAMED
from tests.servers.casehub_server import PROJECT

pytestmark = pytest.mark.timeout(120, func_only=True)  # the servers' start does not count


def serve(casehub, **environment):
    """Start another server beside `casehub`, which is expected to give up."""
    return subprocess.run(
        [sys.executable, PROJECT / "manage.py", "serve"],
        env=casehub.place.environment(**environment),
        capture_output=True,
        text=True,
        check=False,
    )


class TestServe:
    def test_answers_under_both_names_of_this_machine_on_every_process(self, standing):
        for process in standing.processes:
            for host in ("localhost", "127.0.0.1"):
                answer = httpx.get(f"http://{host}:{process.port}/api/session")
                assert answer.json()["state"] == "anonymous"
                assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
                assert answer.headers["cache-control"] == "no-store"

    def test_answers_under_no_other_name(self, standing):
        answer = httpx.get(standing.url + "/api/session", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.json()["code"]) == (421, "wrong-host")

    @pytest.mark.parametrize("root", ["/static", "/healthz", "/api"])
    def test_lets_nobody_say_under_which_path_it_is(self, standing, root):
        """Else one door would look like another to whatever goes by addresses, as the edge does."""
        told = {"Daphne-Root-Path": root}
        hidden = httpx.get(f"{standing.url}{root}/api/session", headers=told)
        plain = httpx.get(f"{standing.url}{root}/api/session")
        assert (hidden.status_code, hidden.content) == (plain.status_code, plain.content)
        assert b"anonymous" not in hidden.content

    def test_opens_no_socket_for_a_page_of_somebody_else(self, standing):
        url = standing.url.replace("http", "ws") + "/socket"
        for origin in (None, "http://evil.example", "http://localhost:1"):
            with pytest.raises(InvalidStatus) as refused, connect(url, origin=origin):
                pass
            assert refused.value.response.status_code == 403
            policy = refused.value.response.headers["content-security-policy"]
            assert policy == CONTENT_SECURITY_POLICY

    def test_hands_out_a_page_whose_files_are_kept_for_ever(self, standing):
        page = httpx.get(standing.url + "/")
        assert page.headers["cache-control"] == "no-store"
        script = re.search(r'src="(/static/app/assets/[^"]+\.js)"', page.text)
        assert script is not None
        answer = httpx.get(standing.url + script.group(1))
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "access-control-allow-origin" not in answer.headers

    def test_names_the_mark_of_its_tab_so_that_nobody_asks_for_one_at_every_step(self, standing):
        page = httpx.get(standing.url + "/")
        mark = re.search(r'<link rel="icon" [^>]*href="(/static/app/assets/[^"]+)"', page.text)
        assert mark is not None
        answer = httpx.get(standing.url + mark.group(1))
        assert answer.headers["content-type"] == "image/svg+xml"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"

    def test_says_in_one_line_that_its_port_is_taken(self, standing, tmp_path):
        port = standing.processes[0].port
        second = serve(standing, PORT=str(port), CASEHUB_DATA=str(tmp_path))
        assert second.returncode != 0
        assert f"Port {port} is already in use" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_says_in_one_line_that_its_folder_is_taken(self, standing):
        if "DATABASE_URL" in standing.place.environment():
            pytest.skip("several processes share a PostgreSQL")
        second = serve(standing, PORT="0")
        assert second.returncode != 0
        assert "already runs on" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_says_in_one_line_that_its_folder_cannot_be_used(self, standing, tmp_path):
        if "DATABASE_URL" in standing.place.environment():
            pytest.skip("several processes share a PostgreSQL")
        (tmp_path / "serving").mkdir()  # as a disk that is not there, for whoever may write all
        second = serve(standing, PORT="0", CASEHUB_DATA=str(tmp_path))
        assert second.returncode != 0
        assert "cannot be written in (Is a directory)" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_says_in_one_line_that_half_of_its_key_of_promises_was_brought(
        self, standing, tmp_path
    ):
        year = time.gmtime().tm_year
        (tmp_path / f"audit.localhost%2F{year}%2Fpromise.key").write_text("PRIVATE+KEY+half\n")
        second = serve(standing, PORT="0", CASEHUB_PROMISES=str(tmp_path))
        assert second.returncode != 0
        assert "promise.key holds no signing key" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_keeps_what_people_wrote_to_its_own_user(self, standing):
        files = list(standing.place.data.glob("casehub.sqlite3*"))
        assert bool(files) is ("DATABASE_URL" not in standing.place.environment())
        assert {one.stat().st_mode & 0o777 for one in files} <= {0o600}

    def test_says_in_one_line_that_its_database_is_not_set_up(self, standing, tmp_path):
        if "DATABASE_URL" in standing.place.environment():
            pytest.skip("in full the sequencer asks")
        second = serve(standing, PORT="0", CASEHUB_DATA=str(tmp_path))
        assert second.returncode != 0
        assert "manage.py migrate" in second.stderr
        assert len(second.stderr.strip().splitlines()) == 1

    def test_ends_well_when_asked_to(self, casehub):
        for process in casehub.processes:
            process.stop()
        assert casehub.output().count("CaseHub is ready on") == len(casehub.processes)
        assert "Traceback" not in casehub.output()


class TestWhatStandsInAFrame:
    """The pages that show what others have written, as they are served."""

    @pytest.mark.parametrize("path", FRAMED)
    def test_has_nobodys_origin_no_network_and_one_script(self, standing, path):
        answer = httpx.get(standing.url + path)
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "sandbox allow-scripts", "frame-ancestors 'self'"} < {*policy}
        (script,) = [one for one in policy if one.startswith("script-src ")]
        assert re.fullmatch(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", script)
        assert "connect-src" not in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"
        assert answer.headers["cache-control"] == "no-cache"
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("path", FRAMED)
    def test_is_not_sent_again_to_who_has_it(self, standing, path):
        first = httpx.get(standing.url + path)
        since = {"If-Modified-Since": first.headers["last-modified"]}
        again = httpx.get(standing.url + path, headers=since)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "no-cache"
