"""A small worker: takes actions from a coordinator, one at a time, and answers each with verdicts."""

import json
import queue
import signal
import sys
import threading

import grpc
from osprey.rpc.common.v1.verdicts_pb2 import Verdicts
from osprey.rpc.osprey_coordinator.bidirectional_stream.v1.service_pb2 import (
    Ack,
    AckOrNack,
    ActionRequest,
    ClientDetails,
    Disconnect,
    Nack,
    Request,
)
from osprey.rpc.osprey_coordinator.bidirectional_stream.v1.service_pb2_grpc import (
    OspreyCoordinatorServiceStub,
)


def handle(action):
    """What this worker is for. An exception is a nack: it cannot handle the action."""
    data = json.loads(action.json_action_data)
    internal = str(data.get("ip_address", "")).startswith("192.168.")
    return ["internal_ip"] if internal else ["seen"]


def answer(action):
    try:
        verdicts = Verdicts(
            action_id=action.action_id,
            action_name=action.action_name,
            verdicts=handle(action),
            timestamp=action.timestamp,
        )
        return AckOrNack(ack_id=action.ack_id, ack=Ack(verdicts=verdicts))
    except Exception as problem:
        print(f"nacked: action_id={action.action_id} {type(problem).__name__}", file=sys.stderr)
        return AckOrNack(ack_id=action.ack_id, nack=Nack())


class Stream:
    """One stream: each answer asks for the next action, a disconnect for no more."""

    def __init__(self, stub):
        self._requests = queue.SimpleQueue()
        self._busy = False
        self._leaving = False
        self._send(Request(action_request=ActionRequest(initial=ClientDetails(id="example"))))
        self._call = stub.OspreyBidirectionalStream(iter(self._requests.get, None))

    def run(self):
        """Until the coordinator ends the stream, which it does now and then while nothing comes."""
        try:
            for action in self._call:
                if self._leaving:
                    # It crossed our farewell: somebody else gets it.
                    continue
                self._busy = True
                result = answer(action)
                self._busy = False
                if self._leaving:
                    self._send(Request(disconnect=Disconnect(ack_or_nack=result)), None)
                else:
                    self._send(Request(action_request=ActionRequest(ack_or_nack=result)))
        finally:
            self._send(None)

    def leave(self):
        """Finishes what is in hand. Called from a signal, so on the thread that runs the stream."""
        if not self._leaving and not self._busy:
            self._send(Request(disconnect=Disconnect()), None)
        self._leaving = True

    def _send(self, *requests):
        for request in requests:
            self._requests.put(request)


def main(target):
    stopping = threading.Event()
    with grpc.insecure_channel(target) as channel:
        stub = OspreyCoordinatorServiceStub(channel)
        while not stopping.is_set():
            stream = Stream(stub)

            def stop(*_, stream=stream):
                stopping.set()
                stream.leave()

            signal.signal(signal.SIGTERM, stop)
            signal.signal(signal.SIGINT, stop)
            try:
                stream.run()
            except grpc.RpcError as error:
                print(f"lost the coordinator: {error.code().name}", file=sys.stderr)
                stopping.wait(1)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:19950")
