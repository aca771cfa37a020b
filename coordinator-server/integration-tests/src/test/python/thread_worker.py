"""A worker of the usual kind: one thread per stream, one action at a time on each."""

import random
import threading
import time
from queue import SimpleQueue
from typing import Callable, Iterator, Optional

import grpc
import protocol
from protocol import OspreyCoordinatorAction, OspreyCoordinatorServiceStub, Request
from worker_diary import WorkerDiary
from worker_settings import WorkerSettings

# How long the coordinator may take to end a stream after its disconnect.
SECONDS_TO_END = 10


class ThreadWorker:
    """Rotates its streams by age and, like the original, thinks of that only after an action."""

    def __init__(
        self,
        channel: grpc.Channel,
        settings: WorkerSettings,
        diary: WorkerDiary,
        hold: Optional[Callable[[OspreyCoordinatorAction], None]] = None,
    ) -> None:
        self._stub = OspreyCoordinatorServiceStub(channel)
        self._settings = settings
        self._diary = diary
        self._hold = hold or (lambda action: time.sleep(settings.hold_seconds))
        self._stopping = threading.Event()
        self._open: dict[int, _Stream] = {}
        self._threads = [
            threading.Thread(target=self._keep_streaming, args=(n,), daemon=True)
            for n in range(settings.streams)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Busy streams leave with their answer, idle ones with an empty disconnect."""
        self._stopping.set()
        for stream in list(self._open.values()):
            stream.leave_if_idle()
        end = time.monotonic() + SECONDS_TO_END + 5
        for thread in self._threads:
            thread.join(max(0, end - time.monotonic()))
            if thread.is_alive():
                self._diary.violated("a stream hangs")

    def _keep_streaming(self, number: int) -> None:
        client_id = f"{self._settings.client_id}-{number}"
        while not self._stopping.is_set():
            stream = _Stream(self._stub, client_id, self._diary)
            self._open[number] = stream
            if self._stopping.is_set():
                stream.leave_if_idle()
            if self._diary.ended(self._serve(stream)):
                self._stopping.wait(random.uniform(0.1, 0.5))

    def _serve(self, stream: "_Stream") -> grpc.StatusCode:
        oldest = time.monotonic() + self._settings.rotation_seconds()
        self._diary.count("streams")
        try:
            for action in stream.actions():
                self._handle(stream, action, oldest)
            return grpc.StatusCode.OK
        except grpc.RpcError as e:
            return e.code()
        finally:
            stream.release()

    def _handle(self, stream: "_Stream", action: OspreyCoordinatorAction, oldest: float) -> None:
        number = self._diary.took(action)
        self._hold(action)
        nacked = self._settings.is_nacked(number)
        result = protocol.nack(action.ack_id) if nacked else protocol.ack(action)
        self._diary.count("nacked" if nacked else "acked")
        old = time.monotonic() > oldest
        if old:
            self._diary.count("rotated")
        if old or self._stopping.is_set():
            stream.leave(result)
        else:
            stream.answer(result)


class _Stream:
    """The worker's end of one stream. Another thread may only make it leave while it is idle."""

    _END = object()

    def __init__(
        self, stub: OspreyCoordinatorServiceStub, client_id: str, diary: WorkerDiary
    ) -> None:
        self._diary = diary
        self._lock = threading.Lock()
        self._busy = False
        self._left_idle = False
        self._left_busy = False
        self._watchdog: Optional[threading.Timer] = None
        self._requests: SimpleQueue = SimpleQueue()
        self._requests.put(protocol.initial(client_id))
        self._call = stub.OspreyBidirectionalStream(iter(self._requests.get, self._END))

    def actions(self) -> Iterator[OspreyCoordinatorAction]:
        """Until the coordinator ends the stream; raises RpcError when that is not with OK."""
        for action in self._call:
            if self._begin():
                yield action

    def _begin(self) -> bool:
        with self._lock:
            if self._left_busy:
                self._diary.violated("an action came after the disconnect")
            elif self._left_idle:
                # It crossed our disconnect on the wire; it has to be handed out again.
                self._diary.count("crossed")
            else:
                self._busy = True
            return self._busy

    def answer(self, result) -> None:
        with self._lock:
            self._busy = False
            self._requests.put(protocol.answer(result))

    def leave(self, result) -> None:
        with self._lock:
            self._busy = False
            self._left_busy = True
            self._finish(protocol.disconnect(result))

    def leave_if_idle(self) -> None:
        with self._lock:
            if not self._busy and not self._left_busy and not self._left_idle:
                self._left_idle = True
                self._finish(protocol.disconnect())

    def _finish(self, last: Request) -> None:
        self._requests.put(last)
        self._requests.put(self._END)
        self._watchdog = threading.Timer(SECONDS_TO_END, self._give_up)
        self._watchdog.daemon = True
        self._watchdog.start()

    def _give_up(self) -> None:
        self._diary.violated(f"a stream was not ended {SECONDS_TO_END} s after its disconnect")
        self._call.cancel()

    def release(self) -> None:
        """Lets go of what would otherwise wait for ever."""
        with self._lock:
            self._requests.put(self._END)
            self._left_idle = self._left_idle or not self._left_busy
            if self._watchdog:
                self._watchdog.cancel()
