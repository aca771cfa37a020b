"""What the bad inputs are tried on: a healthy stream and healthy calls on one connection per port."""

import threading
import time

import grpc
import protocol
from offender import DEADLINE_SECONDS, Offender
from protocol import OspreyCoordinatorAction, OspreyCoordinatorSyncActionServiceStub
from report import Wrong, expect
from thread_worker import ThreadWorker
from worker_diary import WorkerDiary
from worker_settings import WorkerSettings


class Bench:
    """The offender shares its connection with the healthy stream: only its own stream may end."""

    def __init__(self, worker_target: str, sync_target: str) -> None:
        self.worker_channel = grpc.insecure_channel(worker_target)
        self.sync_channel = grpc.insecure_channel(sync_target)
        self._stub = OspreyCoordinatorSyncActionServiceStub(self.sync_channel)
        self._gated: list[int] = []
        self._held = threading.Event()
        self._gate = threading.Event()
        self._diary = WorkerDiary(log=None)
        self._healthy = ThreadWorker(
            self.worker_channel,
            WorkerSettings(client_id="healthy"),
            self._diary,
            hold=self._hold,
        )
        self._next_id = time.time_ns()

    def __enter__(self) -> "Bench":
        self._healthy.start()
        return self

    def __exit__(self, *_) -> None:
        self._gate.set()
        self._healthy.stop()
        self.worker_channel.close()
        self.sync_channel.close()

    def new_id(self) -> int:
        self._next_id += 1
        return self._next_id

    def call(self, action_id: int):
        """The future answer to a healthy call."""
        request = protocol.sync_request(action_id)
        return self._stub.ProcessAction.future(request, timeout=DEADLINE_SECONDS)

    def expect_handled(self, answer, action_id: int) -> None:
        try:
            response = answer.result()
        except grpc.RpcError as e:
            message = f"a healthy call ended with {e.code().name} ({e.details()})"
            raise Wrong(message) from e
        mismatch = protocol.mismatch(response, action_id)
        expect(mismatch is None, f"a healthy call got {mismatch}")

    def expect_healthy(self) -> None:
        """The healthy stream still handles actions, and was not disturbed since the last time."""
        action_id = self.new_id()
        self.expect_handled(self.call(action_id), action_id)
        troubles = self._diary.take_troubles()
        expect(not troubles, f"the healthy worker was disturbed: {troubles}")

    def forget_troubles(self) -> None:
        """What one case did is not held against the next."""
        self._diary.take_troubles()

    def hand_to(self, offender: Offender) -> "InHand":
        """Gives the offender an action: of two, the healthy stream holds on to the other."""
        self._held.clear()
        self._gate.clear()
        self._gated = [self.new_id(), self.new_id()]
        try:
            answers = {action_id: self.call(action_id) for action_id in self._gated}
            action = offender.take()
            expect(self._held.wait(DEADLINE_SECONDS), "the healthy stream got no action")
        finally:
            self._gate.set()
        expect(action.action_id in answers, f"an action nobody sent: {action.action_id}")
        return InHand(self, action, answers)

    def _hold(self, action: OspreyCoordinatorAction) -> None:
        if action.action_id in self._gated:
            self._held.set()
            self._gate.wait()


class InHand:
    """An action that the offender has, and the call that waits for it."""

    def __init__(self, bench: Bench, action: OspreyCoordinatorAction, answers: dict) -> None:
        self.action = action
        self._bench = bench
        self._answers = answers

    def expect_unanswered(self) -> None:
        answer = self._answers[self.action.action_id]
        expect(not answer.done(), "the call was answered by an ack that was not its own")

    def expect_handled(self) -> None:
        """The call of this action and the other one got their own verdicts."""
        for action_id, answer in self._answers.items():
            self._bench.expect_handled(answer, action_id)
