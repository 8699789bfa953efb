"""The whole product from one command: it starts, serves, and leaves nothing behind however it ends."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from tests.running.programs import free_port, healthy, product, programs_on, run_to_end, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for left programs in /proc")


RUNNING = {"granian", " worker ", " beat ", "bin/postgres"}


def named(name: str, data: Path) -> list[int]:
    return [pid for pid, command in programs_on(data).items() if name in command]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for the module: the later tests are second starts."""
    return tmp_path_factory.mktemp("santesurvey")


def test_ctrl_c_stops_everything_it_started(data: Path) -> None:
    port = free_port()
    with product(data, port) as process:
        until(lambda: all(named(name, data) for name in RUNNING))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert programs_on(data) == {}
    assert not healthy(port)


def test_when_one_program_dies_the_others_stop(data: Path) -> None:
    with product(data, free_port()) as process:
        until(lambda: bool(named(" beat ", data)))
        os.kill(named(" beat ", data)[0], signal.SIGKILL)
        assert process.wait(60) == 1
        assert process.stdout
        assert "Arrêt inattendu de l'horloge des tâches (signal SIGKILL)" in process.stdout.read()
    assert programs_on(data) == {}


def test_killed_outright_it_leaves_no_server_and_starts_again(data: Path) -> None:
    with product(data, free_port()) as process:
        process.kill()
        process.wait()
        # Nobody is left to stop PostgreSQL: the next start takes it over.
        until(lambda: all("postgres" in command for command in programs_on(data).values()))
    with product(data, free_port()) as process:
        process.terminate()
        assert process.wait(60) == 0
    assert programs_on(data) == {}


def test_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, lines = run_to_end(tmp_path, PORT=str(port))
    assert code == 1
    assert lines == [
        f"Le port {port} est déjà utilisé : arrêtez le programme qui l'occupe, ou choisissez un autre port, "
        "par exemple « make run PORT=8001 »."
    ]


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_impossible_port(tmp_path: Path, port: str) -> None:
    assert run_to_end(tmp_path, PORT=port) == (1, [f"PORT={port} : écrivez un nombre entre 1 et 65535."])


def test_dead_database(tmp_path: Path) -> None:
    url = f"postgresql://personne@127.0.0.1:{free_port()}/rien"
    code, lines = run_to_end(tmp_path, PORT=str(free_port()), DATABASE_URL=url)
    assert code == 1
    assert len(lines) == 1
    assert lines[0].startswith("La base de données de DATABASE_URL ne répond pas : vérifiez que le serveur")


def test_dead_redis(tmp_path: Path) -> None:
    url = f"redis://127.0.0.1:{free_port()}/0"
    code, lines = run_to_end(tmp_path, PORT=str(free_port()), REDIS_URL=url)
    assert code == 1
    assert lines[0].startswith("PostgreSQL…")
    assert lines[1:] and lines[1].startswith("Le serveur Redis de REDIS_URL ne répond pas : vérifiez")
    assert len(lines) == 2
    assert programs_on(tmp_path) == {}


def test_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code, lines = run_to_end(blocked / "data", PORT=str(free_port()))
    assert code == 1
    assert lines == [
        f"Impossible d'écrire dans le dossier de données {blocked / 'data'} : rendez-le accessible en "
        "écriture, ou donnez-en un autre dans la variable SANTESURVEY_DATA."
    ]
