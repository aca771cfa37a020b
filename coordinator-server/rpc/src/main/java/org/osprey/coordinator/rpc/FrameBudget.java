package org.osprey.coordinator.rpc;

import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Ticker;

/**
 * What a client may say for each thing it is told. An honest one says two to four frames for a call
 * and is told three, or says one for an action it is told; who floods is told nothing for it, or
 * nothing that counts. For one thread.
 */
final class FrameBudget {
  /** Opening every stream that a connection may have takes little more than half of it. */
  private static final int RESERVE = 10_000;

  private static final int PER_ANSWER = 4;
  private static final long NANOS_PER_FRAME = TimeUnit.MILLISECONDS.toNanos(1);

  /** From here on, data costs the client as much as the server. */
  private static final int WORTHWHILE_DATA = 1 << 10;

  /** Of an encoded header block, which may stand for much more. */
  private static final int HEADER_BYTES_PER_FRAME = 512;

  private static final int CALL_COST = 5;

  /** What was done for a stream is done in vain, and much may have been. */
  private static final int RESET_COST = 10;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;

  private final Ticker ticker;
  private int left = RESERVE;
  private long refilledAt;

  FrameBudget(Ticker ticker) {
    this.ticker = ticker;
    refilledAt = ticker.nanos();
  }

  /** The client has sent a frame. */
  void said(int type, int flags, int length) {
    left -=
        switch (type) {
          case DATA -> length < WORTHWHILE_DATA ? 1 : 0;
          case HEADERS -> CALL_COST + length / HEADER_BYTES_PER_FRAME;
          case CONTINUATION -> 1 + length / HEADER_BYTES_PER_FRAME;
          case RST_STREAM -> RESET_COST;
          default -> 1;
        };
  }

  /** The server has sent a frame; what it has to say by the protocol alone is no answer. */
  void told(int type, int flags, int length) {
    int earned =
        switch (type) {
          case DATA -> PER_ANSWER;
          // Ended by the server, it may yet be reset by the client, which is right then.
          case HEADERS -> (flags & END_STREAM) == 0 ? PER_ANSWER : PER_ANSWER + RESET_COST;
          case RST_STREAM -> -RESET_COST;
          default -> 0;
        };
    left = Math.min(RESERVE, left + earned);
  }

  boolean isSpent() {
    if (left < 0) {
      refill();
    }
    return left < 0;
  }

  private void refill() {
    long earned = (ticker.nanos() - refilledAt) / NANOS_PER_FRAME;
    refilledAt += earned * NANOS_PER_FRAME;
    left = (int) Math.min(RESERVE, left + earned);
  }
}
