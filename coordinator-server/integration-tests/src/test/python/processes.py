"""Starts workers and callers as processes of their own, and reads what they say at the end."""

import json
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from environments import Environment
from report import Wrong, expect

SECONDS_TO_STOP = 30


class WorkerProcess:
    def __init__(self, environment: Environment, target: str, log: Path, **options) -> None:
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self._log = log
        self._process = subprocess.Popen(
            environment.command("worker.py", "--target", target, "--log", log, *arguments),
            env=environment.variables(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def taken(self) -> list[tuple[int, int]]:
        """The ack_id and action_id of each action that was handed to it, so far."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        return [(int(line.split()[0]), int(line.split()[1])) for line in lines]

    def await_taken(self, count: int, seconds: float) -> None:
        end = time.monotonic() + seconds
        while len(self.taken()) < count and self._process.poll() is None:
            expect(time.monotonic() < end, f"the worker got {len(self.taken())} of {count} actions")
            time.sleep(0.02)

    def stop(self) -> dict:
        """Sends SIGTERM. Returns its summary, or raises Wrong when it found something wrong."""
        self._process.send_signal(signal.SIGTERM)
        try:
            out, _ = self._process.communicate(timeout=SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            raise Wrong(f"a worker did not stop within {SECONDS_TO_STOP} s") from None
        expect(self._process.returncode in (0, 1), f"a worker exited with {self._process.returncode}")
        summary = json.loads(out.splitlines()[-1])
        violations = summary["violations"]
        expect(not violations, f"violations seen by the worker: {violations[:3]}")
        return summary

    def kill_if_alive(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@contextmanager
def worker(environment: Environment, target: str, log: Path, **options) -> Iterator[WorkerProcess]:
    process = WorkerProcess(environment, target, log, **options)
    try:
        yield process
    finally:
        process.kill_if_alive()


class CallerProcess:
    def __init__(self, environment: Environment, target: str, **options) -> None:
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        self._process = subprocess.Popen(
            environment.command("caller.py", "--target", target, *arguments),
            env=environment.variables(),
            stdout=subprocess.PIPE,
            text=True,
        )

    def result(self, seconds: float) -> dict:
        """Waits for all its calls."""
        try:
            out, _ = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Wrong(f"the caller was not done after {seconds} s") from None
        finally:
            self.kill_if_alive()
        expect(self._process.returncode in (0, 1), f"the caller exited with {self._process.returncode}")
        return json.loads(out)

    def kill_if_alive(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()
