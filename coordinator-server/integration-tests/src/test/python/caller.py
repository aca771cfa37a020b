"""Sends sync actions from several threads and checks that each answer is the answer to its own.

Prints JSON: sent, matched, wrong, errors by code, the first message of each code, and the seconds
it took. Exits with 0 when every answer matched.
"""

import argparse
import json
import sys
import threading
import time
from collections import Counter

import grpc
import protocol
from action_ids import action_ids
from protocol import OspreyCoordinatorSyncActionServiceStub

# After so many calls without an answer it gives up.
MOST_DEADLINES = 20


class Caller:
    def __init__(self, channel: grpc.Channel, ids: list[int], deadline: float) -> None:
        self.counts: Counter = Counter(sent=0, matched=0, wrong=0)
        self.errors: Counter = Counter()
        self.messages: dict[str, str] = {}
        self._stub = OspreyCoordinatorSyncActionServiceStub(channel)
        self._ids = iter(ids)
        self._deadline = deadline
        self._lock = threading.Lock()

    def run(self, threads: int) -> None:
        callers = [threading.Thread(target=self._call_all) for _ in range(threads)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()

    def _call_all(self) -> None:
        while (action_id := self._next()) is not None:
            self._call(action_id)

    def _next(self):
        """None when all are sent, or when going on would only be waiting for more deadlines."""
        with self._lock:
            hopeless = self.errors["DEADLINE_EXCEEDED"] >= MOST_DEADLINES
            return None if hopeless else next(self._ids, None)

    def _call(self, action_id: int) -> None:
        request = protocol.sync_request(action_id)
        try:
            response = self._stub.ProcessAction(request, timeout=self._deadline)
        except grpc.RpcError as e:
            self._failed(e.code().name, e.details())
        else:
            self._answered(protocol.mismatch(response, action_id))

    def _failed(self, code: str, message: str) -> None:
        with self._lock:
            self.counts["sent"] += 1
            self.errors[code] += 1
            self.messages.setdefault(code, message)

    def _answered(self, mismatch) -> None:
        with self._lock:
            self.counts["sent"] += 1
            self.counts["wrong" if mismatch else "matched"] += 1
            if mismatch:
                self.messages.setdefault("wrong", mismatch)


def main() -> int:
    options = _options()
    ids = action_ids(options.first_id, options.calls)
    began = time.monotonic()
    with grpc.insecure_channel(options.target) as channel:
        caller = Caller(channel, ids, options.deadline_seconds)
        caller.run(options.threads)
    seconds = round(time.monotonic() - began, 2)
    errors = {code: count for code, count in caller.errors.items() if count}
    result = {**caller.counts, "errors": errors, "messages": caller.messages}
    print(json.dumps({**result, "seconds": seconds}))
    return 0 if caller.counts["matched"] == options.calls else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="127.0.0.1:19951")
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--deadline-seconds", type=float, default=30)
    parser.add_argument("--first-id", type=int, default=time.time_ns(), help="below 2^63")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
