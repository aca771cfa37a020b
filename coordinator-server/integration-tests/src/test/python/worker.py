"""A worker process that behaves as an unmodified one; works until SIGTERM.

Prints a JSON summary at its end; exits with 1 when the coordinator sent it something a worker cannot
take, or ended a stream in a way it should not.
"""

import argparse
import asyncio
import os
import signal
import sys
from contextlib import nullcontext

import grpc
from asyncio_worker import AsyncioWorker
from thread_worker import ThreadWorker
from worker_diary import WorkerDiary
from worker_settings import WorkerSettings


def main() -> int:
    options = _options()
    with open(options.log, "a") if options.log else nullcontext() as log:
        diary = WorkerDiary(log)
        settings = WorkerSettings(
            client_id=f"foreign-worker-{os.getpid()}",
            streams=options.streams,
            hold_seconds=options.hold_ms / 1000,
            rotate_seconds=options.rotate_seconds,
            nack_every=options.nack_every,
        )
        run = _run_asyncio if options.kind == "asyncio" else _run_threads
        run(options.target, settings, diary)
        print(diary.summary())
        return 1 if diary.violations else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="127.0.0.1:19950")
    parser.add_argument("--kind", choices=("threads", "asyncio"), default="threads")
    parser.add_argument("--streams", type=int, default=8)
    parser.add_argument("--hold-ms", type=float, default=0, help="how long each action takes")
    parser.add_argument(
        "--rotate-seconds", type=float, default=60, help="a stream leaves at 1 to 2 times this age"
    )
    parser.add_argument("--nack-every", type=int, default=0, help="nack each n-th action")
    parser.add_argument(
        "--log", help="file to append `ack_id action_id name` to, before each action is answered"
    )
    return parser.parse_args()


def _run_asyncio(target: str, settings: WorkerSettings, diary: WorkerDiary) -> None:
    asyncio.run(AsyncioWorker(target, settings, diary).run())


def _run_threads(target: str, settings: WorkerSettings, diary: WorkerDiary) -> None:
    # Blocked in every thread to come, so that none but the wait below gets them: a handler runs on
    # the main thread, but a signal that another thread receives does not wake that one up.
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with grpc.insecure_channel(target) as channel:
        worker = ThreadWorker(channel, settings, diary)
        worker.start()
        signal.sigwait(stops)
        worker.stop()


if __name__ == "__main__":
    sys.exit(main())
