"""Makes messages.hex: what clients of the original orchestrator service send, and what it sends them.

Uses nothing but protobuf's wire rules and the field numbers of the original, so that a mistake in our
.proto cannot hide in it. Run: python3 make.py > messages.hex
"""

import struct


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def double(field, value):
    return varint(field << 3 | 1) + struct.pack("<d", value)


def block(field, value):
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def scene(name, millis):
    return block(1, block(1, name) + number(2, millis))


CONFIG = scene("Intro", 3000) + scene("Main", 10000) + scene("Outro", 2000)
STREAM = block(1, "show-1")

VECTORS = {
    "start": block(1, STREAM + block(2, CONFIG + number(2, 100))),
    "start-default-tick": block(1, STREAM + block(2, CONFIG)),
    "start-no-scenes": block(1, STREAM + block(2, b"")),
    "stop": block(2, STREAM),
    "pause": block(3, STREAM),
    "resume": block(4, STREAM),
    "force-scene": block(5, STREAM + block(2, "Main")),
    "skip-scene": block(6, STREAM),
    "update-stream-status": block(
        7, STREAM + number(2, 1) + number(3, 2**63 + 5) + block(4, "01:02:03:04")
    ),
    "reconfigure": block(8, STREAM + block(2, CONFIG + number(2, 2**40))),
    "register": block(
        1, STREAM + block(2, "client-ä") + block(3, "10.1.2.3:45678")
    ),
    "unregister": block(2, STREAM + block(2, "client-ä")),
    "heartbeat": block(3, STREAM + block(2, "client-ä")),
    "state-running": STREAM
    + block(2, "Main")
    + number(3, 4321)
    + number(4, 10679)
    + double(5, 28.806666666666665)
    + number(6, 1)
    + block(9, "01:02:03:04")
    + number(10, 1),
    "state-paused": STREAM + block(2, "Intro") + number(3, 1) + number(4, 14999) + double(5, 0.006)
    + number(7, 1),
    "state-complete": STREAM
    + block(2, "Outro")
    + number(3, 15000)
    + double(5, 100.0)
    + number(8, 1),
    "state-no-scene": STREAM,
}

for name, data in VECTORS.items():
    print(name, data.hex())
