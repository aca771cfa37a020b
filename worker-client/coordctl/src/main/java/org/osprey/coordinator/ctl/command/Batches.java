package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts NDJSON into bodies of requests. Each stays small enough for its answer to fit into the
 * connection's buffers: an HTTP/1.1 client reads it only when it has sent everything.
 */
final class Batches {
  private static final int MOST_LINES = 256;
  private static final int MOST_BYTES = 1 << 20;

  private final InputStream in;
  private long lineNumber;
  private long bytesRead;

  /** Some lines, none of them blank. */
  static final class Batch {
    private final List<byte[]> lines = new ArrayList<>();
    private final List<Long> numbers = new ArrayList<>();
    private int bytes;

    private boolean isFull() {
      return lines.size() >= MOST_LINES || bytes >= MOST_BYTES;
    }

    private void add(byte[] line, long number) {
      lines.add(line);
      numbers.add(number);
      bytes += line.length + 1;
    }

    boolean isEmpty() {
      return lines.isEmpty();
    }

    int size() {
      return lines.size();
    }

    byte[] line(int index) {
      return lines.get(index);
    }

    /** Its place in the file, from 1. */
    long number(int index) {
      return numbers.get(index);
    }

    byte[] body() {
      ByteArrayOutputStream body = new ByteArrayOutputStream(bytes);
      for (byte[] line : lines) {
        body.writeBytes(line);
        body.write('\n');
      }
      return body.toByteArray();
    }
  }

  /**
   * @param in is read byte by byte, so want a buffer in it
   */
  Batches(InputStream in) {
    this.in = in;
  }

  /** Empty at the end. */
  Batch next() throws IOException {
    Batch batch = new Batch();
    while (!batch.isFull()) {
      byte[] line = line();
      if (line == null) {
        return batch;
      }
      if (!new String(line, ISO_8859_1).isBlank()) {
        batch.add(line, lineNumber);
      }
    }
    return batch;
  }

  long bytesRead() {
    return bytesRead;
  }

  /** Null at the end. */
  private byte @Nullable [] line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next == -1) {
      return null;
    }
    while (next != -1 && next != '\n') {
      line.write(next);
      next = in.read();
    }
    lineNumber++;
    bytesRead += line.size() + 1;
    return line.toByteArray();
  }
}
