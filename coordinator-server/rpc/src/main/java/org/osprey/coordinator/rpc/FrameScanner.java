package org.osprey.coordinator.rpc;

import io.netty.buffer.ByteBuf;

/** Finds HTTP/2 frames in what one side of a connection says, however it is cut into buffers. */
final class FrameScanner {
  private static final int HEADER_BYTES = 9;
  private static final int MOST_LENGTH = (1 << 24) - 1;

  /** Length, type and flags, the only fields that are looked at. */
  private static final int FIELD_BYTES = 5;

  private final Frames frames;

  /** Bytes to leave out before the next frame begins. */
  private int toSkip;

  private int headerBytes;
  private long fields;

  interface Frames {
    void found(int type, int flags, int length);
  }

  /**
   * @param preface bytes before the first frame
   */
  FrameScanner(int preface, Frames frames) {
    toSkip = preface;
    this.frames = frames;
  }

  /** Leaves the buffer as it is. */
  void scan(ByteBuf bytes) {
    int end = bytes.writerIndex();
    int at = bytes.readerIndex();
    while (at < end) {
      if (toSkip > 0) {
        int skipped = Math.min(toSkip, end - at);
        toSkip -= skipped;
        at += skipped;
      } else {
        readHeader(bytes.getByte(at++));
      }
    }
  }

  private void readHeader(byte next) {
    if (headerBytes++ < FIELD_BYTES) {
      fields = fields << 8 | (next & 255);
    }
    if (headerBytes == HEADER_BYTES) {
      headerBytes = 0;
      toSkip = (int) (fields >>> 16) & MOST_LENGTH;
      frames.found((int) (fields >>> 8) & 255, (int) fields & 255, toSkip);
    }
  }
}
