"""A real server that is killed, cut off and raced while people submit: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest

from respondents.codes import new_code
from tests.running.programs import ROOT, environment, free_port, product, programs_on, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="finds the server's programs in /proc"),
]

INVITATIONS = 400
PREPARE = f"""
import json, django; django.setup()
from respondents import campaigns
from respondents.partners import create_partner
from surveys.fieldwork import create_survey, open_survey
from surveys.publishing import publish
from tests.questionnaires import small_document
survey = create_survey(slug="petite-enquete", title="Petite enquête", by=None)
version = publish(survey=survey, document=small_document(), by=None)
open_survey(survey=survey, by=None)
campaign = campaigns.create_campaign(
    survey=survey, partner=create_partner(name="Agenda", by=None), name="Printemps", by=None
)
batch = campaigns.add_batch(campaign=campaign, size={INVITATIONS}, label="Lot", by=None)
print(json.dumps([version.digest, [link.code for link in campaigns.links(batch)]]))
"""
FORGET = """
import django; django.setup()
from respondents import ballots, traces
from surveys.models import Survey
ballots.empty_box(Survey.objects.get(), everything=True)
print(traces.shorten_log())
"""


@dataclass
class Server:
    """The running product, and what a test needs to be its respondents."""

    data: Path
    port: int
    version: str
    unused: list[str]

    def submission(self) -> dict[str, Any]:
        return {
            "code": self.unused.pop(),
            "receipt": new_code(),
            "version": self.version,
            "answers": {"profession": "nurse", "hours": 40},
            "consents": ["part", "health"],
            "minutes": 4,
            "pages": [1, 2],
        }

    def post(self, data: dict[str, Any], path: str = "submit") -> int:
        """The status of the answer, 0 where there was none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/q/petite-enquete/{path}", json.dumps(data), headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def until_answered(self, data: dict[str, Any], patience: float = 60) -> int:
        """Send again, as the page does, until the server is there to say what became of the answers."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            status = self.post(data)
            if 0 < status < 500:
                return status
            time.sleep(0.1)
        raise AssertionError("never answered")

    def until_recorded(self, data: dict[str, Any], patience: float = 60) -> int:
        status = self.until_answered(data, patience)
        assert status in {200, 201}
        return status

    def run(self, script: str) -> str:
        command = [sys.executable, "-c", script]
        env = environment(self.data, DJANGO_SETTINGS_MODULE="santesurvey.settings", PYTHONPATH=str(ROOT))
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def query(self, sql: str, patience: float = 30) -> list[Any]:
        """The rows of *sql*, once the database answers: it may still be recovering."""
        deadline = time.monotonic() + patience
        while True:
            try:
                with psycopg.connect(
                    host=str(self.data / "pg"), user="santesurvey", dbname="santesurvey"
                ) as found:
                    return found.execute(sql).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stored(self) -> int:
        tables = "(SELECT count(*) FROM respondents_ballot) + (SELECT count(*) FROM respondents_response)"
        return int(self.query(f"SELECT {tables}")[0][0])

    def used(self) -> int:
        return int(self.query("SELECT count(*) FROM respondents_invitation WHERE state = 3")[0][0])

    def web_workers(self) -> list[int]:
        """The processes that answer requests: children of the web server's own."""
        granian = {pid for pid, command in programs_on(self.data).items() if "-m granian" in command}
        found = []
        for pid in programs_on(self.data):
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if int(fields[1]) in granian and b"resource_tracker" not in command:
                    found.append(pid)
        return found


def _read_all(output: IO[str]) -> None:
    with suppress(ValueError):  # closed at the end
        for _line in output:
            pass


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data, port = tmp_path_factory.mktemp("k"), free_port()
    with product(data, port) as process:
        # What it logs is read all along: a full pipe would stop the server, and that is no attack.
        threading.Thread(target=_read_all, args=(process.stdout,), daemon=True).start()
        made = Server(data, port, "", [])
        made.version, made.unused = json.loads(made.run(PREPARE))
        yield made


def test_two_at_once_with_one_code_store_one(server: Server) -> None:
    before, one = server.stored(), server.submission()
    rivals = [{**one, "receipt": new_code()} for _ in range(8)]
    gate = threading.Barrier(len(rivals))

    def send(data: dict[str, Any]) -> int:
        gate.wait()
        return server.post(data)

    with ThreadPoolExecutor(len(rivals)) as pool:
        assert Counter(pool.map(send, rivals)) == {201: 1, 409: 7}
    assert server.stored() == before + 1


def test_a_connection_cut_anywhere_and_a_second_try_store_one(server: Server) -> None:
    """Cut while sending, at once after it, and in the middle of the answer."""
    before, draw = server.stored(), random.Random(7)
    sent = [server.submission() for _ in range(30)]
    for number, data in enumerate(sent):
        body = json.dumps(data).encode()
        head = f"POST /q/petite-enquete/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        whole = f"{head}Content-Type: application/json\r\n\r\n".encode() + body
        with socket.create_connection(("127.0.0.1", server.port), timeout=15) as wire:
            if number % 3 == 0:
                wire.sendall(whole[: draw.randrange(1, len(whole))])
            else:
                wire.sendall(whole)
                if number % 3 == 1:
                    wire.recv(draw.randrange(1, 400))
            # A reset rather than an orderly end, as when a phone loses its network.
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    statuses = [server.until_recorded(data) for data in sent]
    assert 200 in statuses, "some had arrived the first time"
    assert 201 in statuses, "some had not"
    assert server.stored() == before + len(sent)


def test_killing_workers_and_the_database_in_the_middle_loses_and_doubles_nothing(server: Server) -> None:
    before, used = server.stored(), server.used()
    waiting = [server.submission() for _ in range(240)]
    sent, acknowledged = list(waiting), []

    def respond() -> None:
        while waiting:
            with suppress(IndexError):
                data = waiting.pop()
                server.until_recorded(data)
                acknowledged.append(data)

    threads = [threading.Thread(target=respond) for _ in range(6)]
    for thread in threads:
        thread.start()
    # Each worker once: Granian takes one that dies twice within seconds for a program that cannot start, and ends.
    workers = server.web_workers()
    kills = 0
    for quota in (40, 90, 140, 190):
        until(lambda quota=quota: len(acknowledged) >= quota or not any(t.is_alive() for t in threads))  # type: ignore[misc]
        if kills % 2 == 0:
            os.kill(workers.pop(), signal.SIGKILL)
        else:
            # PostgreSQL answers the death of one of its processes with a restart and a recovery of all.
            with suppress(psycopg.Error, ProcessLookupError):
                busy = server.query(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                    " AND pid <> pg_backend_pid() ORDER BY state_change DESC NULLS LAST LIMIT 1"
                )
                os.kill(busy[0][0], signal.SIGKILL)
        kills += 1
    for thread in threads:
        thread.join(90)
    assert kills == 4
    assert len(acknowledged) == len(sent)
    assert server.stored() == before + len(sent)
    assert server.used() == used + len(sent)
    for data in random.sample(sent, 12):
        assert server.until_answered({**data, "receipt": new_code()}) == 409
        assert server.until_answered(data) == 200


def test_a_body_that_is_too_large_is_answered_and_not_cut_off(server: Server) -> None:
    """A browser that is cut off while it sends believes that the network is down, and tries for ever."""
    for size in (600_000, 6_000_000):
        assert server.post({"answers": "x" * size}) == 413


def test_many_slow_phones_keep_nobody_out(server: Server) -> None:
    head = b"POST /q/petite-enquete/submit HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
    try:
        for wire in slow:
            wire.sendall(head + b"Content-Length: 1000\r\n\r\n{")
        time.sleep(0.5)
        server.until_recorded(server.submission(), patience=10)
    finally:
        for wire in slow:
            wire.close()


def test_nothing_of_a_shuffled_ballot_stays_in_the_write_ahead_log(server: Server) -> None:
    """There it stands beside the update of its invitation: with the collection key, the two could be linked."""
    for _ in range(5):
        server.until_recorded(server.submission())
    sealed = [bytes(row[0])[:48] for row in server.query("SELECT sealed FROM respondents_ballot")]
    assert any(content in _log_of(server.data) for content in sealed), "the test looks where ballots are"
    assert server.run(FORGET).strip() == "True"
    held = _log_of(server.data)
    assert not any(content in held for content in sealed)


def _log_of(data: Path) -> bytes:
    return b"".join(file.read_bytes() for file in (data / "pg" / "pg_wal").iterdir() if file.is_file())
