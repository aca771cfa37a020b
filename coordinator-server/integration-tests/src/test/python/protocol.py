"""Builds the messages of the two services, on the stubs that were generated from the .proto files."""

import time
from typing import Optional

from google.protobuf.timestamp_pb2 import Timestamp
from google.protobuf.wrappers_pb2 import UInt64Value
from osprey.rpc.common.v1.verdicts_pb2 import Verdicts
from osprey.rpc.osprey_coordinator.bidirectional_stream.v1.service_pb2 import (
    Ack,
    AckOrNack,
    ActionRequest,
    ClientDetails,
    Disconnect,
    Nack,
    OspreyCoordinatorAction,
    Request,
)
from osprey.rpc.osprey_coordinator.bidirectional_stream.v1.service_pb2_grpc import (
    OspreyCoordinatorServiceStub,
)
from osprey.rpc.osprey_coordinator.sync_action.v1.service_pb2 import (
    ProcessActionRequest,
    ProcessActionResponse,
)
from osprey.rpc.osprey_coordinator.sync_action.v1.service_pb2_grpc import (
    OspreyCoordinatorSyncActionServiceStub,
)

__all__ = [
    "OspreyCoordinatorAction",
    "OspreyCoordinatorServiceStub",
    "OspreyCoordinatorSyncActionServiceStub",
    "ProcessActionRequest",
    "ProcessActionResponse",
    "Request",
]

ACTION_NAME = "user_login"


def now() -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromNanoseconds(time.time_ns())
    return timestamp


def sync_request(action_id: int) -> ProcessActionRequest:
    return ProcessActionRequest(
        action_id=UInt64Value(value=action_id),
        action_name=ACTION_NAME,
        action_data_json='{"user_id": "u%d", "ip_address": "192.0.2.1"}' % action_id,
        timestamp=now(),
    )


def verdict_for(action_id: int) -> str:
    return f"verdict_for_{action_id}"


def initial(client_id: str) -> Request:
    return Request(action_request=ActionRequest(initial=ClientDetails(id=client_id)))


def answer(ack_or_nack: AckOrNack) -> Request:
    """Answers the action in hand and asks for the next."""
    return Request(action_request=ActionRequest(ack_or_nack=ack_or_nack))


def disconnect(ack_or_nack: Optional[AckOrNack] = None) -> Request:
    """Answers the action in hand, if there is one, and asks for no more."""
    return Request(disconnect=Disconnect(ack_or_nack=ack_or_nack))


def nack(ack_id: int) -> AckOrNack:
    return AckOrNack(ack_id=ack_id, nack=Nack())


def ack(action: OspreyCoordinatorAction) -> AckOrNack:
    return ack_with(action.ack_id, action, verdict_for(action.action_id))


def ack_with(ack_id: int, action: OspreyCoordinatorAction, verdict: str) -> AckOrNack:
    verdicts = Verdicts(
        action_id=action.action_id,
        action_name=action.action_name,
        verdicts=[verdict],
        timestamp=now(),
    )
    return AckOrNack(ack_id=ack_id, ack=Ack(verdicts=verdicts))


def mismatch(response: ProcessActionResponse, action_id: int) -> Optional[str]:
    """What in the answer does not belong to the action; None when all of it does."""
    got = response.verdicts
    if list(got.verdicts) != [verdict_for(action_id)]:
        return f"verdicts {list(got.verdicts)} for action {action_id}"
    if got.action_id != action_id or got.action_name != ACTION_NAME:
        return f"verdicts of {got.action_id} {got.action_name!r} for action {action_id}"
    return None
