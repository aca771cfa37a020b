package org.osprey.coordinator.collectors.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.flow.Encoded;

/**
 * A batch as it lies on disk: a byte with the version of this form, 1, and then a frame for each
 * event. Numbers are big-endian, texts are UTF-8.
 *
 * <table>
 * <caption>A frame</caption>
 * <tr><td>4 bytes</td><td>length of what follows of this frame</td></tr>
 * <tr><td>8 bytes</td><td>seq</td></tr>
 * <tr><td>1 byte</td><td>severity, 0 for debug to 4 for critical</td></tr>
 * <tr><td>4 bytes</td><td>length of the type</td></tr>
 * <tr><td></td><td>type</td></tr>
 * <tr><td>the rest</td><td>body</td></tr>
 * </table>
 */
final class BatchFrames {
  private static final byte VERSION = 1;
  private static final int LENGTH = Integer.BYTES;
  private static final int FIXED = Long.BYTES + 1 + Integer.BYTES;

  /** By their numbers on disk. */
  private static final List<Severity> SEVERITIES =
      List.of(Severity.DEBUG, Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.CRITICAL);

  private BatchFrames() {}

  static byte[] write(List<Encoded> batch) {
    List<byte[]> types = batch.stream().map(event -> event.type().getBytes(UTF_8)).toList();
    int size = 1;
    for (int i = 0; i < batch.size(); i++) {
      size += LENGTH + FIXED + types.get(i).length + batch.get(i).body().length;
    }
    ByteBuffer frames = ByteBuffer.allocate(size).put(VERSION);
    for (int i = 0; i < batch.size(); i++) {
      Encoded event = batch.get(i);
      byte[] type = types.get(i);
      frames
          .putInt(FIXED + type.length + event.body().length)
          .putLong(event.seq())
          .put((byte) SEVERITIES.indexOf(event.severity()))
          .putInt(type.length)
          .put(type)
          .put(event.body());
    }
    return frames.array();
  }

  static long checksum(byte[] frames) {
    CRC32C checksum = new CRC32C();
    checksum.update(frames);
    return checksum.getValue();
  }

  /**
   * @param readNanos when, by the ticker of this process
   * @return null when these are not the frames of so many events
   */
  static @Nullable List<Encoded> read(
      byte[] frames, String collector, long epoch, int count, long readNanos) {
    ByteBuffer rest = ByteBuffer.wrap(frames);
    List<Encoded> events = new ArrayList<>();
    try {
      if (rest.get() != VERSION) {
        return null;
      }
      while (rest.hasRemaining()) {
        events.add(event(next(rest), collector, epoch, readNanos));
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
    return events.size() == count ? events : null;
  }

  private static ByteBuffer next(ByteBuffer rest) {
    int length = rest.getInt();
    ByteBuffer frame = rest.slice(rest.position(), length);
    rest.position(rest.position() + length);
    return frame;
  }

  private static Encoded event(ByteBuffer frame, String collector, long epoch, long readNanos) {
    long seq = frame.getLong();
    Severity severity = SEVERITIES.get(frame.get());
    String type = new String(bytes(frame, frame.getInt()), UTF_8);
    byte[] body = bytes(frame, frame.remaining());
    return new Encoded(collector, epoch, seq, type, severity, body, readNanos, () -> {});
  }

  private static byte[] bytes(ByteBuffer frame, int length) {
    byte[] bytes = new byte[frame.slice(frame.position(), length).remaining()];
    frame.get(bytes);
    return bytes;
  }
}
