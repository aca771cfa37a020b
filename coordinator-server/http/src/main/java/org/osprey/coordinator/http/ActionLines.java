package org.osprey.coordinator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Splits a body into lines as it comes in. Belongs to one thread. */
final class ActionLines {
  private static final int CHUNK = 16 * 1024;

  private final InputStream body;
  private final int longest;
  private final byte[] chunk = new byte[CHUNK];
  private int position;
  private int end;
  private int number;

  /**
   * A line that is not blank.
   *
   * @param number from 1, blank lines count
   * @param bytes without its end; null when it is too long
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Line(int number, byte @Nullable [] bytes) {}

  /**
   * @param longest bytes of a line; what is beyond is passed over and not kept
   */
  ActionLines(InputStream body, int longest) {
    this.body = body;
    this.longest = longest;
  }

  /** Null at the end of the body. */
  @Nullable Line next() throws IOException {
    while (fill()) {
      number++;
      byte[] line = line();
      if (line == null || !isBlank(line)) {
        return new Line(number, line);
      }
    }
    return null;
  }

  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    boolean ended = false;
    while (!ended && fill()) {
      int stop = position;
      while (stop < end && chunk[stop] != '\n') {
        stop++;
      }
      tooLong = tooLong || line.size() + stop - position > longest;
      if (!tooLong) {
        line.write(chunk, position, stop - position);
      }
      ended = stop < end;
      position = ended ? stop + 1 : stop;
    }
    return tooLong ? null : line.toByteArray();
  }

  /** Whether there is something to read in the chunk. */
  private boolean fill() throws IOException {
    if (position < end) {
      return true;
    }
    position = 0;
    end = Math.max(0, body.read(chunk));
    return end > 0;
  }

  private static boolean isBlank(byte[] line) {
    for (byte each : line) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }
}
