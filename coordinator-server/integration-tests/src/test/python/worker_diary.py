"""What a worker did and what it found wrong, for both kinds of worker."""

import json
import threading
from collections import Counter
from typing import IO, Optional

import grpc
from protocol import OspreyCoordinatorAction


class WorkerDiary:
    """Safe for use by many threads."""

    def __init__(self, log: Optional[IO[str]]) -> None:
        self.counts: Counter = Counter()
        self.violations: list[str] = []
        self._log = log
        self._lock = threading.Lock()
        self._ack_ids: set[int] = set()

    def took(self, action: OspreyCoordinatorAction) -> int:
        """To be called before the action is answered. Returns how many were taken, this one too."""
        wrong = _wrong_with(action)
        with self._lock:
            if action.ack_id in self._ack_ids:
                wrong.append("ack_id was used before")
            self._ack_ids.add(action.ack_id)
            self.violations += [f"action {action.action_id}: {what}" for what in wrong]
            self.counts["taken"] += 1
            if self._log:
                self._log.write(f"{action.ack_id} {action.action_id} {action.action_name}\n")
                self._log.flush()
            return self.counts["taken"]

    def count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1

    def violated(self, what: str) -> None:
        with self._lock:
            self.violations.append(what)

    def take_troubles(self) -> list[str]:
        """The violations, and the streams that did not end with OK, since the last time."""
        with self._lock:
            ended = [what for what in self.counts if what.startswith("ended_")]
            failed = [f"{what} {self.counts.pop(what)}" for what in ended if what != "ended_OK"]
            troubles = self.violations + failed
            self.violations = []
            return troubles

    def ended(self, code: grpc.StatusCode) -> bool:
        """A stream ended. Returns whether that is a sign of trouble, so that the worker backs off."""
        self.count(f"ended_{code.name}")
        if code not in (grpc.StatusCode.OK, grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
            self.violated(f"a stream ended with {code.name}")
        return code is not grpc.StatusCode.OK

    def summary(self) -> str:
        with self._lock:
            return json.dumps({**self.counts, "violations": self.violations[:20]})


def _wrong_with(action: OspreyCoordinatorAction) -> list[str]:
    """What a worker that builds its action from this message would choke on."""
    facts = {
        "ack_id is 0": action.ack_id == 0,
        "action_id is 0": action.action_id == 0,
        "action_name is empty": action.action_name == "",
        "timestamp is unset": not action.HasField("timestamp"),
        "action_data is not a JSON object": not _has_data(action),
        "json_secret_data is not a JSON object": not _is_object(_secret_data(action)),
    }
    return [what for what, holds in facts.items() if holds]


def _has_data(action: OspreyCoordinatorAction) -> bool:
    kind = action.WhichOneof("action_data")
    return kind == "proto_action_data" or (kind is not None and _is_object(action.json_action_data))


def _secret_data(action: OspreyCoordinatorAction) -> bytes:
    return action.json_secret_data if action.HasField("json_secret_data") else b"{}"


def _is_object(text: bytes) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
