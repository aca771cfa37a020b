package org.osprey.coordinator.collectors.builtin.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/**
 * An open file, and where reading is in it. Stays open whatever becomes of its name. Belongs to the
 * thread of the polls, but for {@link #bookmark}, {@link #idle} and {@link #close}.
 */
final class TailedFile implements AutoCloseable {
  private static final String TYPE = "file.line";

  private final FileId id;
  private final FileChannel channel;
  private final int maxLine;
  private final InstantSource clock;
  private final Runnable moved;
  private volatile Path path;
  private volatile State state;

  /** Where the first line begins that was not emitted. */
  private long offset;

  /** Up to where it was looked at: behind the offset is a line without an end. */
  private long scanned;

  /** Whether the beginning of the line at the offset was emitted, cut. */
  private boolean skipping;

  private boolean atEnd;

  private TailedFile(
      FileId.Found found,
      FileChannel channel,
      int maxLine,
      InstantSource clock,
      Runnable moved,
      long offset)
      throws IOException {
    this.id = found.id();
    this.path = found.path();
    this.channel = channel;
    this.maxLine = maxLine;
    this.clock = clock;
    this.moved = moved;
    this.offset = offset;
    this.scanned = offset;
    this.state =
        new State(Fingerprint.of(channel, Fingerprint.MAX_LENGTH), new Watermark(offset, moved));
  }

  /**
   * Opens it where reading was.
   *
   * @param bookmark null when it was not read before
   * @param fromEnd whether to begin with its last line, where there is no bookmark
   * @param moved run when a line was settled
   * @return null when another file has the name meanwhile
   */
  static @Nullable TailedFile open(
      FileId.Found found,
      @Nullable Bookmark bookmark,
      boolean fromEnd,
      int maxLine,
      InstantSource clock,
      Runnable moved)
      throws IOException {
    FileChannel channel = FileChannel.open(found.path(), StandardOpenOption.READ);
    try {
      FileId.Found now = FileId.find(found.path());
      if (now == null || !now.id().equals(found.id())) {
        channel.close();
        return null;
      }
      long offset = 0;
      if (bookmark != null
          && bookmark.position() <= channel.size()
          && bookmark.fingerprint().matches(channel)) {
        offset = bookmark.position();
      } else if (bookmark == null && fromEnd) {
        offset = lastLine(channel, maxLine);
      }
      return new TailedFile(found, channel, maxLine, clock, moved, offset);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Emits lines as far as the buffer reaches.
   *
   * @param buffer longer than any line that is not cut
   * @return whether there is more to read
   */
  boolean read(byte[] buffer, Emitter emitter) throws IOException, InterruptedException {
    long size = channel.size();
    if (size != scanned && (size < offset || !state.fingerprint.matches(channel))) {
      restart();
    }
    if (size == scanned) {
      atEnd = true;
      return false;
    }
    extendFingerprint(size);
    int length = fill(buffer);
    atEnd = length < buffer.length;
    scanned = offset + length;
    split(buffer, length, emitter);
    return !atEnd;
  }

  /** Emits what stands behind the last end of a line: nobody will add to it. */
  void finish(byte[] buffer, Emitter emitter) throws IOException, InterruptedException {
    long base = offset;
    int length = fill(buffer);
    split(buffer, length, emitter);
    int begin = (int) (offset - base);
    long end = base + length;
    if (skipping || begin == length) {
      state.watermark.skip(end);
    } else {
      emit(buffer, begin, length, end, end, emitter);
    }
  }

  /** Whether all of it was emitted, when it was last read, but for a line without an end. */
  boolean atEnd() {
    return atEnd;
  }

  /** Wants to be read once more before it counts as at its end. */
  void lookAgain() {
    atEnd = false;
  }

  FileId id() {
    return id;
  }

  Path path() {
    return path;
  }

  void renamed(Path to) {
    path = to;
  }

  /** Whether all that was emitted is settled. */
  boolean idle() {
    return state.watermark.idle();
  }

  Bookmark bookmark() {
    State now = state;
    Path parent = path.getParent();
    return new Bookmark(
        parent == null ? "." : parent.toString(), id, now.watermark.settled(), now.fingerprint);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** It was emptied, and written anew. */
  private void restart() throws IOException {
    state = new State(Fingerprint.of(channel, Fingerprint.MAX_LENGTH), new Watermark(0, moved));
    offset = 0;
    scanned = 0;
    skipping = false;
  }

  private void extendFingerprint(long size) throws IOException {
    int length = state.fingerprint.length();
    if (length < Fingerprint.MAX_LENGTH && size > length) {
      state = new State(Fingerprint.of(channel, Fingerprint.MAX_LENGTH), state.watermark);
    }
  }

  private int fill(byte[] buffer) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(buffer);
    while (into.hasRemaining() && channel.read(into, offset + into.position()) > 0) {
      // until it is full, or there is no more
    }
    return into.position();
  }

  private void split(byte[] bytes, int length, Emitter emitter) throws InterruptedException {
    long base = offset;
    int begin = 0;
    for (int at = 0; at < length; at++) {
      if (bytes[at] == '\n') {
        long end = base + at + 1;
        if (skipping || at == begin) {
          state.watermark.skip(end);
          skipping = false;
        } else {
          emit(bytes, begin, at, end, end, emitter);
        }
        begin = at + 1;
        offset = end;
      }
    }
    if (skipping) {
      offset = base + length;
    } else if (length - begin > maxLine) {
      // settled only with the line's end: who begins anew has to begin with the line
      emit(bytes, begin, length, base + begin, base + length, emitter);
      skipping = true;
      offset = base + length;
    }
  }

  private void emit(byte[] bytes, int begin, int end, long settles, long next, Emitter emitter)
      throws InterruptedException {
    int length = end - begin;
    boolean cut = length > maxLine;
    if (cut) {
      length = maxLine;
      while (length > 0 && (bytes[begin + length] & 0xC0) == 0x80) {
        length--;
      }
    } else if (bytes[end - 1] == '\r') {
      length--;
    }
    String text = new String(bytes, begin, length, UTF_8);
    String where = path.toString();
    String start = Long.toString(offset);
    Map<String, String> attributes =
        cut
            ? Map.of("path", where, "offset", start, "cut", "true")
            : Map.of("path", where, "offset", start);
    Runnable settled = state.watermark.line(settles);
    emitter.emit(
        new Event(TYPE, Severity.INFO, clock.instant(), attributes, Payload.text(text)), settled);
    offset = next;
  }

  /** Where the last line begins that has no end, which somebody may be writing. */
  private static long lastLine(FileChannel channel, int maxLine) throws IOException {
    long size = channel.size();
    int length = (int) Math.min(size, maxLine);
    ByteBuffer tail = ByteBuffer.allocate(length);
    while (tail.hasRemaining() && channel.read(tail, size - length + tail.position()) > 0) {
      // until there is no more
    }
    for (int at = tail.position() - 1; at >= 0; at--) {
      if (tail.get(at) == '\n') {
        return size - length + at + 1;
      }
    }
    return length == size ? 0 : size;
  }

  /** Changes together: the positions of one beginning mean nothing in a file with another. */
  private record State(Fingerprint fingerprint, Watermark watermark) {}
}
