"""A stream to break the rules on: says what it is told to, and nothing by itself."""

from queue import SimpleQueue
from typing import Optional

import grpc
import protocol
from protocol import OspreyCoordinatorAction, Request
from report import Wrong

STREAM_METHOD = (
    "/osprey.rpc.osprey_coordinator.bidirectional_stream.v1.OspreyCoordinatorService"
    "/OspreyBidirectionalStream"
)
# Nothing that is checked here may take longer.
DEADLINE_SECONDS = 20


class Offender:
    """One worker stream over which raw bytes go. Its end, by leaving the block, is an abrupt one."""

    _END = object()

    def __init__(self, channel: grpc.Channel) -> None:
        self._requests: SimpleQueue = SimpleQueue()
        method = channel.stream_stream(
            STREAM_METHOD,
            request_serializer=lambda raw: raw,
            response_deserializer=OspreyCoordinatorAction.FromString,
        )
        requests = iter(self._requests.get, self._END)
        self._call = method(requests, timeout=DEADLINE_SECONDS)

    def __enter__(self) -> "Offender":
        return self

    def __exit__(self, *_) -> None:
        self._call.cancel()
        self._requests.put(self._END)

    def open(self) -> None:
        self.send(protocol.initial("offender"))

    def send(self, request: Request, unknown_field: bytes = b"") -> None:
        self._requests.put(request.SerializeToString() + unknown_field)

    def half_close(self) -> None:
        self._requests.put(self._END)

    def take(self) -> OspreyCoordinatorAction:
        """Waits for an action."""
        try:
            return next(self._call)
        except StopIteration:
            raise Wrong("the stream ended with OK where an action should have come") from None
        except grpc.RpcError as e:
            raise Wrong(f"{e.code().name} ({e.details()}) where an action should have come") from e

    def status(self) -> grpc.StatusCode:
        """Waits for the end of the stream, whatever still comes."""
        try:
            for _ in self._call:
                pass
        except grpc.RpcError:
            pass
        return self._call.code()

    def details(self) -> Optional[str]:
        return self._call.details()
