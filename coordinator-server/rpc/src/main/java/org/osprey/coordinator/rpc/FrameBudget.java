package org.osprey.coordinator.rpc;

import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.core.Ticker;

/**
 * What a client may say for each thing it is told. An honest one says two to four frames for a call
 * and is told three, or says one for an action it is told; who floods is told nothing for it, or
 * nothing that counts. For one thread.
 */
final class FrameBudget {
  /** Each stream that a connection may have can be opened at once, and a few more to be refused. */
  private static final double SPARE_STREAMS = 1.1;

  /** Leaves room for as many resets as gRPC's own limit does by default. */
  private static final int LEAST_STREAMS = 1_250;

  /** Before the first answer: what belongs to a call, beside its headers, for each such stream. */
  private static final int FRAMES_PER_STREAM = 4;

  /** Who was told many things at once may answer all of them at once. */
  private static final int MOST_FRAMES = 10_000;

  private static final int PER_ANSWER = 4;

  /** Above what it has at first: only who was answered a few times gets there. */
  private static final int TRUSTED = 64;

  private static final long NANOS_PER_FRAME = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int FRAMES_OF_TIME_PER_STREAM = 10;

  /** From here on, data costs the client as much as the server. */
  private static final int WORTHWHILE_DATA = 1 << 10;

  /** Of an encoded header block, which may stand for much more. */
  private static final int HEADER_BYTES_PER_FRAME = 512;

  /** In streams. What was done for a stream is done in vain, and much may have been. */
  private static final int RESET_COST = 5;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int CONTINUATION = 9;
  private static final int END_STREAM = 1;

  private final int firstFrames;
  private final int mostFrames;
  private final int mostStreams;
  private final Ticker ticker;

  /** How much more may be said. */
  private int frames;

  /** How many more streams may be opened. */
  private int streams;

  private long refilledAt;

  /**
   * @param maxStreams that a connection may have at a time
   */
  FrameBudget(int maxStreams, Ticker ticker) {
    this.ticker = ticker;
    firstFrames = FRAMES_PER_STREAM * maxStreams;
    mostFrames = Math.max(MOST_FRAMES, 2 * firstFrames);
    streams = Math.max(LEAST_STREAMS, (int) Math.ceil(SPARE_STREAMS * maxStreams));
    // The client may reset each stream that the server ends, and the server all of them at once.
    mostStreams = streams + RESET_COST * maxStreams;
    frames = firstFrames;
    refilledAt = ticker.nanos();
  }

  /** The client has sent a frame. */
  void said(int type, int flags, int length) {
    switch (type) {
      case DATA -> frames -= length < WORTHWHILE_DATA ? 1 : 0;
      case HEADERS -> {
        streams--;
        frames -= 1 + length / HEADER_BYTES_PER_FRAME;
      }
      case CONTINUATION -> frames -= 1 + length / HEADER_BYTES_PER_FRAME;
      case RST_STREAM -> streams -= RESET_COST;
      default -> frames--;
    }
  }

  /** The server has sent a frame; what it has to say by the protocol alone is no answer. */
  void told(int type, int flags, int length) {
    switch (type) {
      case DATA -> answered(PER_ANSWER, 0);
      // Ended by the server, it may yet be reset by the client, which is right then.
      case HEADERS -> answered(PER_ANSWER, (flags & END_STREAM) == 0 ? 1 : 1 + RESET_COST);
      case RST_STREAM -> streams -= RESET_COST;
      default -> {
        // Neither an answer nor in vain.
      }
    }
  }

  boolean isSpent() {
    if (frames < 0 || streams < 0) {
      refill();
    }
    return frames < 0 || streams < 0;
  }

  /** Whether so little was answered as yet that it may all be for nothing. */
  boolean isUnproven() {
    return frames < firstFrames + TRUSTED;
  }

  private void answered(int moreFrames, int moreStreams) {
    frames = Math.min(mostFrames, frames + moreFrames);
    streams = Math.min(mostStreams, streams + moreStreams);
  }

  private void refill() {
    long earned = (ticker.nanos() - refilledAt) / NANOS_PER_FRAME;
    refilledAt += earned * NANOS_PER_FRAME;
    int bounded = (int) Math.min(mostFrames, earned);
    answered(bounded, bounded / FRAMES_OF_TIME_PER_STREAM);
  }
}
