"""Checks under load: a worker process and a caller process, and the account of every action."""

import itertools
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from action_ids import action_ids
from environments import Environment
from processes import CallerProcess, WorkerProcess, worker
from report import Report, expect

KINDS = ("threads", "asyncio")
STREAMS = 16
SECONDS_PER_RUN = 120


@dataclass(frozen=True)
class Load:
    """Where the load goes, and the folder for the logs of the workers."""

    environment: Environment
    worker_target: str
    sync_target: str
    logs: Path

    def check_all(self, report: Report, calls: int, runs: int) -> None:
        for run, kind in zip(range(1, runs + 1), itertools.cycle(KINDS)):
            report.run(f"matched run={run}/{runs} worker={kind}", lambda: self._matched(kind, calls))
        few = max(calls // 5, 1000)
        for kind in KINDS:
            report.run(f"rotation worker={kind}", lambda: self._rotation(kind, few))
            report.run(f"nacks worker={kind}", lambda: self._nacks(kind, few))
        report.run("sigterm worker=asyncio", self._sigterm_with_actions_in_hand)
        report.run("rolling restart", lambda: self._rolling_restart(few))

    def _worker(self, **options):
        log = self.logs / f"worker-{time.monotonic_ns()}.log"
        options = {"streams": STREAMS, **options}
        return worker(self.environment, self.worker_target, log, **options)

    def _call(self, calls: int, **options) -> tuple[CallerProcess, list[int]]:
        first = time.time_ns()
        options = {"calls": calls, "first_id": first, **options}
        caller = CallerProcess(self.environment, self.sync_target, **options)
        return caller, action_ids(first, calls)

    def _matched(self, kind: str, calls: int) -> dict:
        """Every call is answered with its own verdict, and every action was handed over once."""
        with self._worker(kind=kind) as process:
            result, duplicates = self._all_matched(process, calls)
            process.stop()
        expect(duplicates == 0, f"{duplicates} actions were handed over twice")
        return {**_figures(result), "dropped": 0, "duplicates": 0}

    def _rotation(self, kind: str, calls: int) -> dict:
        """Streams leave and come back all the time, and nobody notices."""
        with self._worker(kind=kind, hold_ms=2, rotate_seconds=0.03) as process:
            result, duplicates = self._all_matched(process, calls)
            rotated = process.stop().get("rotated", 0)
        expect(rotated > STREAMS, f"the streams rotated only {rotated} times")
        expect(duplicates == 0, f"{duplicates} actions were handed over twice")
        return {**_figures(result), "rotated": rotated, "dropped": 0, "duplicates": 0}

    def _all_matched(self, process: WorkerProcess, calls: int) -> tuple[dict, int]:
        caller, ids = self._call(calls)
        result = caller.result(SECONDS_PER_RUN)
        expect(result["matched"] == calls, f"expected {calls} matched, got {result}")
        return result, _duplicates(process.taken(), ids)

    def _nacks(self, kind: str, calls: int) -> dict:
        """A nack answers its caller, and only its caller, at once."""
        with self._worker(kind=kind, nack_every=10) as process:
            caller, ids = self._call(calls)
            result = caller.result(SECONDS_PER_RUN)
            nacked = process.stop()["nacked"]
        expect(result["errors"] == {"ABORTED": nacked}, f"{nacked} nacks, but {result}")
        message = result["messages"]["ABORTED"]
        expect(message == "action nacked", f'expected "action nacked", got "{message}"')
        expect(result["matched"] == calls - nacked, f"{nacked} nacks, but {result}")
        duplicates = _duplicates(process.taken(), ids)
        expect(duplicates == 0, f"{duplicates} actions were handed over twice")
        return {**_figures(result), "nacked": nacked}

    def _rolling_restart(self, calls: int) -> dict:
        """Workers of both kinds are restarted in turn under load; no call notices."""
        with ExitStack() as stack:
            old = [stack.enter_context(self._worker(kind=kind, hold_ms=5)) for kind in KINDS]
            caller, ids = self._call(calls)
            stack.callback(caller.kill_if_alive)
            new = []
            for kind, process in zip(KINDS, old):
                process.await_taken(calls // 20, seconds=20)
                new.append(stack.enter_context(self._worker(kind=kind, hold_ms=5)))
                process.stop()
            result = caller.result(SECONDS_PER_RUN)
            for process in new:
                process.stop()
        expect(result["matched"] == calls, f"expected {calls} matched, got {result}")
        again = _duplicates([taken for process in old + new for taken in process.taken()], ids)
        expect(again <= STREAMS, f"{again} redeliveries, but {STREAMS} asyncio streams were stopped")
        return {**_figures(result), "redelivered": again}

    def _sigterm_with_actions_in_hand(self) -> dict:
        """Acks that never come cost one redelivery each, and no call."""
        with self._worker(kind="asyncio", hold_ms=600_000) as leaving:
            caller, ids = self._call(STREAMS, threads=STREAMS)
            try:
                leaving.await_taken(STREAMS, seconds=20)
                in_hand = leaving.stop()["in_hand_at_stop"]
                with self._worker(kind="asyncio") as other:
                    result = caller.result(SECONDS_PER_RUN)
                    other.stop()
            finally:
                caller.kill_if_alive()
        expect(in_hand == STREAMS, f"expected {STREAMS} actions in hand, got {in_hand}")
        expect(result["matched"] == STREAMS, f"expected {STREAMS} matched, got {result}")
        redelivered = _duplicates(leaving.taken() + other.taken(), ids)
        expect(redelivered == STREAMS, f"expected {STREAMS} redeliveries, got {redelivered}")
        return {**_figures(result), "redelivered": redelivered}


def _figures(result: dict) -> dict:
    rate = round(result["sent"] / max(result["seconds"], 0.01))
    return {name: result[name] for name in ("sent", "matched", "wrong")} | {"rate": f"{rate}/s"}


def _duplicates(taken: list[tuple[int, int]], ids: list[int]) -> int:
    """How many hand-overs were not the first of their action; raises Wrong when one is missing."""
    actions = Counter(action_id for _, action_id in taken)
    missing = set(ids) - set(actions)
    expect(not missing, f"{len(missing)} actions were never handed over, such as {_any(missing)}")
    strange = set(actions) - set(ids)
    expect(not strange, f"{len(strange)} actions that nobody sent, such as {_any(strange)}")
    ack_ids = {ack_id for ack_id, _ in taken}
    expect(len(ack_ids) == len(taken), f"{len(taken)} hand-overs, but {len(ack_ids)} ack_ids")
    return len(taken) - len(actions)


def _any(ids: set[int]) -> int:
    return min(ids, default=0)
