"""Clients that cost little: several processes, raw sockets, requests prepared in advance."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Rate:
    """*count* requests in *seconds*; *failed* of them had another status than expected."""

    count: int
    seconds: float
    failed: int

    @property
    def per_second(self) -> float:
        return self.count / self.seconds


def get(path: str, port: int, accept: str = "br") -> bytes:
    head = [
        f"GET {path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        f"Accept-Encoding: {accept}",
        "Connection: keep-alive",
    ]
    return "\r\n".join([*head, "", ""]).encode()


def post_json(path: str, port: int, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self.socket.sendall(request)
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, value = line.split(b":", 1)
            if name.lower() == b"content-length":
                length = int(value)
        while len(self.buffer) < length:
            self._more()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return int(head[9:12]), body

    def _more(self) -> None:
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server closed the connection")
        self.buffer += piece


def fetch(port: int, request: bytes) -> tuple[int, bytes]:
    return Client(port).send(request)


def together(shares: Sequence[Sequence[Any]], client: Callable[[], Callable[[Any], bool]]) -> Rate:
    """Work on each share in a process of its own, all at once.

    *client* is called in each process and gives the function that does one piece and says whether it worked.
    """
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(len(shares) + 1), context.Queue()

    def work(share: Sequence[Any]) -> None:
        one = client()
        gate.wait()
        failed = len(share)
        try:
            failed = sum(not one(piece) for piece in share)
        finally:
            results.put(failed)

    processes = [context.Process(target=work, args=(share,)) for share in shares]
    for process in processes:
        process.start()
    gate.wait()
    start = time.perf_counter()
    failed = sum(results.get() for _ in processes)
    seconds = time.perf_counter() - start
    for process in processes:
        process.join()
    return Rate(sum(map(len, shares)), seconds, failed)


def rate(port: int, shares: Sequence[Sequence[bytes]], expected: int) -> Rate:
    """Send each share of requests over a connection of its own, all at once."""

    def client() -> Callable[[Any], bool]:
        connection = Client(port)
        return lambda request: connection.send(request)[0] == expected

    return together(shares, client)
