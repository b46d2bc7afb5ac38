"""
From a fresh clone to something that runs: Python packages, Node packages, build, database.

Each step is skipped while what it was made from has not changed, so a second run takes seconds.
Packages come from wherever this machine's pip, uv and npm get them; every one is checked by hash.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO

from tools.steps import ROOT, Stop, execute, fingerprint, must, step, together, unless_done

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
MODULES = FRONTEND / "node_modules"
OLDEST_NODE = 20
SQLITE = b"SQLite format 3\0"


def data_folder() -> Path:
    """Return where database, keys and log of this run are kept."""
    return Path(os.environ.get("CASEHUB_DATA", ROOT / "var")).resolve()


def demo_environment() -> dict[str, str]:
    """Return the environment of the demo on this machine; what the caller set stays."""
    return {"CASEHUB_DEMO": os.environ.get("CASEHUB_DEMO", "1")}


# ------------------------------------------------------------------ what the machine has


def need_node() -> None:
    """
    Check Node and npm.

    :raises Stop: if one is missing or too old.
    """
    wanted = f"CaseHub needs Node {OLDEST_NODE} or newer, with npm"
    if not shutil.which("node") or not shutil.which("npm"):
        missing = "npm" if shutil.which("node") else "Node"
        raise Stop(f"{wanted}; {missing} is not installed.")
    answer = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.strip().lstrip("v")
    major = version.partition(".")[0]
    if not major.isdigit() or int(major) < OLDEST_NODE:
        raise Stop(f"{wanted}; node is {version or 'broken'}.")


def _works(program: str | Path) -> bool:
    """Return whether a program answers: a version manager's stand-in may exist and not run."""
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def _uv() -> str | None:
    return next((str(uv) for uv in (VENV / "bin" / "uv", "uv") if _works(uv)), None)


def _uv_environment() -> dict[str, str]:
    """Return settings that make uv use what pip uses: the same index and the same certificates."""
    environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"}
    if not any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        asked = subprocess.run(
            [sys.executable, "-m", "pip", "config", "list"],
            capture_output=True,
            text=True,
            check=False,
        )
        for line in asked.stdout.splitlines():
            name, _, value = line.partition("=")
            if name.endswith(".index-url"):
                environment["UV_DEFAULT_INDEX"] = value.strip("'\"")
    return environment


# ------------------------------------------------------------------ Python


def _make_venv() -> None:
    uv = shutil.which("uv")  # the one inside is about to be cleared away
    if uv and _works(uv):
        must(
            "venv", [uv, "venv", "--clear", "--python", sys.executable, VENV], env=_uv_environment()
        )
    elif importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Stop(
            "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"
        )
    else:
        must("venv", [sys.executable, "-m", "venv", "--clear", VENV])


def _install(name: str) -> None:
    """Install one file of hashed requirements, by uv; by pip where uv itself cannot be had."""
    file = REQUIREMENTS / f"{name}.txt"
    uv = _uv()
    if uv is None:
        pip: list[str | Path] = [
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
        ]
        code, _ = execute("uv", [*pip, REQUIREMENTS / "uv.txt"])
        uv = _uv() if code == 0 else None
        if uv is None:
            must(f"packages-{name}", [*pip, file])
            return
    install: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        PYTHON,
        "--require-hashes",
        "-r",
        file,
    ]
    must(f"packages-{name}", install, env=_uv_environment())


def python_packages(name: str) -> None:
    """
    Make the virtual environment if there is none, and install `requirements/NAME.txt` into it.

    :raises Stop: without venv, network, or a package that matches its hash.
    """
    if not _works(PYTHON):
        step("Python environment", _make_venv)
    mark = fingerprint([REQUIREMENTS / f"{name}.txt"], sys.version)
    title = {
        "base": "Python packages",
        "test": "Python packages for tests",
        "bench": "Python packages to compare with",
    }[name]
    unless_done(VENV / f"installed-{name}", mark, title, lambda: _install(name))


def apart(place: Path, lock: Path) -> None:
    """
    Install a lock file of hashes into an environment of its own, which nothing else shares.

    :raises Stop: without uv, network, or a package that matches its hash.
    """

    def work() -> None:
        uv, env = _uv(), _uv_environment()
        if uv is None:
            raise Stop("uv is not installed.")
        must("venv-apart", [uv, "venv", "--clear", "--python", sys.executable, place], env=env)
        install: list[str | Path] = [uv, "pip", "install", "--quiet", "--require-hashes"]
        where: list[str | Path] = ["--python", place / "bin" / "python", "-r", lock]
        must(f"packages-{place.name}", [*install, *where], env=env)

    mark = fingerprint([lock], sys.version)
    unless_done(place / "installed", mark, f"Packages of {place.name}", work)


# ------------------------------------------------------------------ front end


def _node_packages() -> None:
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    # By itself npm tries for more than a minute before it admits that there is no network.
    patience = [
        "--fetch-retries=3",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=4000",
    ]
    must("npm-ci", [*npm, *patience], cwd=FRONTEND)
    must("npm-patch", ["npm", "run", "patch"], cwd=FRONTEND)


def node_packages() -> None:
    """Install what package-lock.json names, running nobody's scripts, and correct ts-mls."""
    mark = fingerprint([FRONTEND / "package-lock.json", FRONTEND / "patches"])
    unless_done(MODULES / ".casehub" / "packages", mark, "Node packages", _node_packages)


def _build(title: str, script: str, made: Path, *more: Path) -> None:
    """Run one of npm's build scripts, if `made` is missing or a source changed."""
    names = (
        "src", "patches", "index.html", "package.json", "package-lock.json", "tsconfig.json",
        "vite.config.ts", "vite.verify.ts", "vite.viewer.ts", "demo-roots.json",
    )  # fmt: skip
    sources = [FRONTEND / name for name in names]
    named = [os.environ.get(name, "") for name in ("CASEHUB_ROOTS", "CASEHUB_LOG_POLICY")]
    pinned = "\n".join(Path(file).read_text(encoding="utf-8") if file else "" for file in named)
    shared = [
        ROOT / "casehub" / "accounts" / "data" / "rules-of-use.json",
        ROOT / "casehub" / "core" / "errors.json",
        ROOT / "casehub" / "directory" / "data" / "fingerprint-words.json",
    ]
    mark = fingerprint([*sources, *more, *shared], pinned)
    name = script.replace(":", "-")
    stamp = MODULES / ".casehub" / name
    if not made.exists():
        stamp.unlink(missing_ok=True)
    command = ["npm", "run", script]
    unless_done(stamp, mark, title, lambda: must(f"npm-{name}", command, cwd=FRONTEND))


def front_end() -> None:
    """Build the pages that the server hands out; needs both kinds of packages and the rulebook."""
    _build("Pages", "build", FRONTEND / "dist" / "index.html")
    _compress()


def _compress() -> None:
    """Lay compressed variants beside the pages' files: a fifth of the bytes."""
    pages = FRONTEND / "dist"
    mark = (MODULES / ".casehub" / "build").read_text(encoding="utf-8")
    command: list[str | Path] = [PYTHON, "-m", "whitenoise.compress", "--quiet", pages]
    stamp = pages / ".vite" / "compressed"  # goes with what a build by hand throws away
    unless_done(stamp, mark, "Smaller pages", lambda: must("compress", command))


def front_end_for_tests() -> None:
    """Build the pages, the client without a page for tests, and the host that lies to it."""
    front_end()
    headless, hostile = FRONTEND / "headless", FRONTEND / "hostile"
    made = headless / "dist" / "casehub-client.mjs"
    _build("Headless client", "build:headless", made, headless / "src", headless / "vite.config.ts")
    made = hostile / "dist" / "hostile-host.mjs"
    _build("Hostile host", "build:hostile", made, hostile / "src", hostile / "vite.config.ts")


# ------------------------------------------------------------------ rulebook


COMPILED = (
    ROOT / "requests_mla" / "rulebook" / "compiled.json",
    FRONTEND / "src" / "rules" / "rulebook.json",
)


def rulebook() -> None:
    """
    Compile the lawyers' files for the server and the pages; needs Python packages.

    :raises Stop: with file, line and what to do, if something is wrong in them.
    """
    app = ROOT / "requests_mla"
    folder = app / "rulebook"
    made = set(COMPILED)
    stamp = VENV / "rulebook"
    if not all(file.exists() for file in made):
        stamp.unlink(missing_ok=True)
    mark = fingerprint(sorted({*folder.rglob("*"), *(app / "rules").rglob("*.py")} - made))
    command: list[str | Path] = [PYTHON, "-m", "requests_mla.rulebook.build"]
    unless_done(stamp, mark, "Rulebook", lambda: must("rulebook", command))


# ------------------------------------------------------------------ database


def _migrate_and_seed() -> None:
    environment = demo_environment()
    try:
        data_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Stop(f"CASEHUB_DATA={data_folder()} cannot be made: {error.strerror}.") from error
    manage: list[str | Path] = [PYTHON, ROOT / "manage.py"]
    must("migrate", [*manage, "migrate", "--verbosity", "0"], env=environment)
    if environment["CASEHUB_DEMO"] == "1":
        must("seed", [*manage, "seed_demo"], env=environment)


def _refuse_damage() -> None:
    """
    Look at what an earlier run finished, before a server says that it is ready.

    :raises Stop: if the database is no database, or the demo's keys are gone from beside it.
    """
    file = data_folder() / "casehub.sqlite3"
    finished = (data_folder() / "prepared").exists() and file.exists()
    if "DATABASE_URL" in os.environ or not finished:
        return
    with file.open("rb") as database_file:
        whole = database_file.read(len(SQLITE)) == SQLITE
    demo = demo_environment()["CASEHUB_DEMO"] == "1"
    if not whole or (demo and not (data_folder() / "demo" / "identity-keys.json").exists()):
        what = "The database is damaged" if not whole else "The demo's keys are gone"
        raise Stop(f"{what} ({data_folder()}). `make reset` deletes the demo and begins anew.")


def database() -> None:
    """Bring the tables up to date and see that the demo's people exist."""
    migrations = sorted(ROOT.glob("*/migrations")) + sorted(ROOT.glob("casehub/*/migrations"))
    stamp = data_folder() / "prepared"
    _refuse_damage()
    if not (data_folder() / "casehub.sqlite3").exists():
        stamp.unlink(missing_ok=True)
    if "DATABASE_URL" in os.environ:
        step("Database", _migrate_and_seed)  # somebody else may have emptied that one
    else:
        mark = fingerprint([*migrations, ROOT / "casehub" / "demo"])
        unless_done(stamp, mark, "Database and demo region", _migrate_and_seed)


def everything(*, requirements: str) -> None:
    """
    Do all that is not done yet.

    :raises Stop: with one line for a person.
    """
    packages(requirements)
    rulebook()
    together(database, front_end_for_tests if requirements == "test" else front_end)


def packages(requirements: str) -> None:
    """
    Install Python's and Node's packages.

    :raises Stop: if Node, the network or a package is missing.
    """
    need_node()
    together(lambda: python_packages(requirements), node_packages)


def hold(folder: Path) -> IO[str] | None:
    """Keep a folder for this process, until it ends; None if another one has it."""
    file = (folder / "serving").open("a", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file


def in_use() -> bool:
    """Return whether a server or a region holds the data folder (`casehub.startup.hold`)."""
    for folder in (data_folder(), data_folder() / "region"):
        if (folder / "serving").exists():
            held = hold(folder)
            if held is None:
                return True
            held.close()
    return False


def forget() -> list[Path]:
    """
    Delete what runs have made: database, demo keys, the log's keys and its anchor.

    All of it or nothing: a log without its database, or the other way round, would look forged.
    """
    data = data_folder()
    kept = {"log"}  # what make itself wrote
    gone = [path for path in sorted(data.glob("*")) if path.name not in kept]
    for path in gone:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return gone
