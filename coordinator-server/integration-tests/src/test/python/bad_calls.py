"""Sync calls that are wrong, and odd ones that are right."""

import grpc
import protocol
from bench import Bench
from offender import DEADLINE_SECONDS
from protocol import ProcessActionRequest, ProcessActionResponse
from report import expect

CALL_METHOD = (
    "/osprey.rpc.osprey_coordinator.sync_action.v1.OspreyCoordinatorSyncActionService/ProcessAction"
)
# Field 1000, length-delimited, with three bytes in it.
UNKNOWN_FIELD = b"\xc2\x3e\x03new"
TOP_BIT_ID = (1 << 63) + 1


def cases(bench: Bench) -> dict:
    return {
        "empty action_name": lambda: _refused(bench, "action_name", action_name=""),
        "no timestamp": lambda: _refused(bench, "timestamp", timestamp=None),
        "payload []": lambda: _refused(bench, "action_data_json", action_data_json="[]"),
        "payload empty": lambda: _refused(bench, "action_data_json", action_data_json=""),
        "payload not JSON": lambda: _refused(bench, "action_data_json", action_data_json="user=1"),
        "payload cut off": lambda: _refused(
            bench, "action_data_json", action_data_json='{"user": "u1'
        ),
        "payload 5 MB": lambda: _too_big(bench),
        "id 2^63+1": lambda: _handled(bench, TOP_BIT_ID),
        "id 0": lambda: _generated(bench, 0),
        "id absent": lambda: _generated(bench, None),
        "unknown field in call": lambda: _handled(bench, bench.new_id(), UNKNOWN_FIELD),
    }


def _call(bench: Bench, request: ProcessActionRequest, unknown_field: bytes = b""):
    method = bench.sync_channel.unary_unary(
        CALL_METHOD,
        request_serializer=lambda raw: raw,
        response_deserializer=ProcessActionResponse.FromString,
    )
    return method.future(request.SerializeToString() + unknown_field, timeout=DEADLINE_SECONDS)


def _request(bench: Bench, **changes) -> ProcessActionRequest:
    """A healthy one but for the changes; None leaves the field unset."""
    request = protocol.sync_request(bench.new_id())
    for field, value in changes.items():
        request.ClearField(field)
        if value is not None:
            setattr(request, field, value)
    return request


def _refused(bench: Bench, field: str, **changes) -> dict:
    answer = _call(bench, _request(bench, **changes))
    code, details = answer.code(), answer.details()
    got = f"{code.name} ({details})"
    expected = f"INVALID_ARGUMENT naming {field}"
    expect(code is grpc.StatusCode.INVALID_ARGUMENT, f"expected {expected}, got {got}")
    expect(field in (details or ""), f"expected {expected}, got {got}")
    return {"code": code.name}


def _too_big(bench: Bench) -> dict:
    payload = '{"text": "%s"}' % ("x" * 5_000_000)
    answer = _call(bench, _request(bench, action_data_json=payload))
    code = answer.code()
    got = f"{code.name} ({answer.details()})"
    expect(code is grpc.StatusCode.RESOURCE_EXHAUSTED, f"expected RESOURCE_EXHAUSTED, got {got}")
    return {"code": code.name}


def _handled(bench: Bench, action_id: int, unknown_field: bytes = b"") -> dict:
    answer = _call(bench, protocol.sync_request(action_id), unknown_field)
    bench.expect_handled(answer, action_id)
    return {"code": "OK"}


def _generated(bench: Bench, action_id) -> dict:
    request = _request(bench)
    request.ClearField("action_id")
    if action_id is not None:
        request.action_id.value = action_id
    answer = _call(bench, request)
    code = answer.code()
    expect(code is grpc.StatusCode.OK, f"expected OK, got {code.name} ({answer.details()})")
    generated = answer.result().verdicts.action_id
    expect(generated != 0, "no id was generated")
    bench.expect_handled(answer, generated)
    return {"code": "OK", "generated": generated}
