"""Worker streams that break the rules."""

import grpc
import protocol
from bad_calls import UNKNOWN_FIELD
from bench import Bench
from offender import Offender
from report import expect

PROTOCOL_ERRORS = (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.FAILED_PRECONDITION)
NOT_OURS = "verdict_of_another"


def cases(bench: Bench) -> dict:
    bodies = {
        "unknown field in stream": _unknown_field,
        "wrong ack_id": lambda bench, offender: _foreign_ack_id(bench, offender, 0xDEAD_BEEF_0000),
        "zero ack_id": lambda bench, offender: _foreign_ack_id(bench, offender, 0),
        "repeated ack_id": _repeated_ack_id,
        "ack_id with nothing in hand": _nothing_in_hand,
        "ack before initial": _ack_before_initial,
        "second initial": _second_initial,
        "second initial with an action in hand": _second_initial_in_hand,
        "request after disconnect": _request_after_disconnect,
        "disconnect without an answer": _empty_disconnect,
    }
    return {name: _on_a_stream(bench, body) for name, body in bodies.items()}


def _on_a_stream(bench: Bench, body):
    def run():
        with Offender(bench.worker_channel) as offender:
            return body(bench, offender)

    return run


def _unknown_field(bench: Bench, offender: Offender) -> dict:
    offender.send(protocol.initial("from the future"), UNKNOWN_FIELD)
    hand = bench.hand_to(offender)
    offender.send(protocol.answer(protocol.ack(hand.action)), UNKNOWN_FIELD)
    hand.expect_handled()
    return {"stream": "goes_on"}


def _foreign_ack_id(bench: Bench, offender: Offender, ack_id: int) -> dict:
    """Ignored: neither this action nor another is answered by it, and the right one still counts."""
    offender.open()
    hand = bench.hand_to(offender)
    expect(hand.action.ack_id != ack_id, f"the coordinator gave out ack_id {ack_id}")
    offender.send(protocol.answer(protocol.ack_with(ack_id, hand.action, NOT_OURS)))
    bench.expect_healthy()
    hand.expect_unanswered()
    offender.send(protocol.answer(protocol.ack(hand.action)))
    hand.expect_handled()
    return {"stream": "goes_on"}


def _repeated_ack_id(bench: Bench, offender: Offender) -> dict:
    """The ack of a finished action must not finish the next one."""
    offender.open()
    first = bench.hand_to(offender)
    offender.send(protocol.answer(protocol.ack(first.action)))
    first.expect_handled()
    second = bench.hand_to(offender)
    expect(first.action.ack_id != second.action.ack_id, "an ack_id was given out twice")
    repeated = protocol.ack_with(first.action.ack_id, second.action, NOT_OURS)
    offender.send(protocol.answer(repeated))
    bench.expect_healthy()
    second.expect_unanswered()
    offender.send(protocol.answer(protocol.ack(second.action)))
    second.expect_handled()
    return {"stream": "goes_on"}


def _nothing_in_hand(bench: Bench, offender: Offender) -> dict:
    offender.open()
    offender.send(protocol.answer(protocol.nack(0xDEAD_BEEF_0000)))
    hand = bench.hand_to(offender)
    offender.send(protocol.answer(protocol.ack(hand.action)))
    hand.expect_handled()
    return {"stream": "goes_on"}


def _ack_before_initial(bench: Bench, offender: Offender) -> dict:
    offender.send(protocol.answer(protocol.nack(1)))
    return _refused(offender, PROTOCOL_ERRORS)


def _second_initial(bench: Bench, offender: Offender) -> dict:
    offender.open()
    offender.open()
    return _refused(offender, PROTOCOL_ERRORS)


def _second_initial_in_hand(bench: Bench, offender: Offender) -> dict:
    """The action that it had goes to the healthy stream."""
    offender.open()
    hand = bench.hand_to(offender)
    offender.open()
    figures = _refused(offender, PROTOCOL_ERRORS)
    hand.expect_handled()
    return {**figures, "redelivered": 1}


def _request_after_disconnect(bench: Bench, offender: Offender) -> dict:
    """The disconnect may have ended the stream with OK before the request is seen."""
    offender.open()
    hand = bench.hand_to(offender)
    offender.send(protocol.disconnect(protocol.ack(hand.action)))
    offender.send(protocol.answer(protocol.ack_with(hand.action.ack_id, hand.action, NOT_OURS)))
    figures = _refused(offender, (*PROTOCOL_ERRORS, grpc.StatusCode.OK))
    hand.expect_handled()
    return figures


def _empty_disconnect(bench: Bench, offender: Offender) -> dict:
    offender.open()
    offender.send(protocol.disconnect())
    offender.half_close()
    return _refused(offender, (grpc.StatusCode.OK,))


def _refused(offender: Offender, codes: tuple) -> dict:
    code = offender.status()
    wanted = " or ".join(allowed.name for allowed in codes)
    got = f"{code.name} ({offender.details()})"
    expect(code in codes, f"expected the stream to end with {wanted}, got {got}")
    return {"stream": f"ended_{code.name}"}
