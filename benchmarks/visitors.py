"""A number of people who ask for one page again and again, each over a connection of his own.

A process of its own reads a job as JSON from standard input and answers JSON: milliseconds of every
request, from the first byte sent to the last byte received. Only this machine is ever asked.
"""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time

#: Lines that stay open from one job to the next: whom the server's processes share out unevenly, it does so for every
#: page alike.
lines: dict[int, socket.socket] = {}
LOOPBACK = "127.0.0.1"
SECONDS_TO_WAIT = 60


class Visitor(threading.Thread):
    """One person: a persistent connection, `count` requests one after another, with time to think before each."""

    def __init__(self, port: int, request: bytes, count: int, start: threading.Barrier, think: float = 0.0) -> None:
        super().__init__()
        self.port, self.request, self.count, self.start_together, self.think = port, request, count, start, think
        self.taken: list[float] = []
        self.wrong = ""
        self.line: socket.socket | None = None

    def run(self) -> None:
        if self.line is None:
            self.connect()
        self.start_together.wait()
        for _number in range(self.count):
            if self.think:
                time.sleep(random.uniform(0.5, 1.5) * self.think)
            begun = time.perf_counter()
            status = self.ask()
            self.taken.append((time.perf_counter() - begun) * 1000)
            if status not in (200, 304):
                self.wrong = f"status {status}"
                break

    def connect(self) -> None:
        self.line = socket.create_connection((LOOPBACK, self.port), timeout=SECONDS_TO_WAIT)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> int:
        """One request. As a browser does, ask again over a new line where the server has just ended the old one."""
        for _attempt in range(3):
            assert self.line
            try:
                self.line.sendall(self.request)
                return self.answer()
            except (ConnectionError, BrokenPipeError):
                self.line.close()
                self.connect()
        return 0

    def answer(self) -> int:
        """Read one answer to its end; its status."""
        got = b""
        while b"\r\n\r\n" not in got:
            got += self.more()
        head, _gap, body = got.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        left = 0 if status == 304 else length(head) - len(body)
        while left > 0:
            left -= len(self.more())
        return status

    def more(self) -> bytes:
        assert self.line
        part = self.line.recv(1 << 18)
        if not part:
            raise ConnectionError("the server closed the line")
        return part


def length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ValueError("an answer without its length")


def visit(port: int, requests: list[str], count: int, think: float = 0.0) -> dict:
    """All visitors at once, each on his line of before; `requests` holds the bytes of each, in Latin-1, `think` the
    mean seconds before each."""
    start = threading.Barrier(len(requests))
    visitors = [Visitor(port, text.encode("latin-1"), count, start, think) for text in requests]
    for number, visitor in enumerate(visitors):
        visitor.line = lines.pop(number, None)
        visitor.start()
    for number, visitor in enumerate(visitors):
        visitor.join()
        lines[number] = visitor.line
    wrong = next((visitor.wrong for visitor in visitors if visitor.wrong), "")
    return {"taken": [ms for visitor in visitors for ms in visitor.taken], "wrong": wrong}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(visit(**json.loads(line))), flush=True)
