package org.osprey.coordinator.kafka;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition from its assignment to its revocation: an epoch. The same partition, assigned
 * again, is another object, so what finishes late finds a closed window and changes nothing.
 *
 * <p>The loop owns everything but the window. While records wait here the partition is paused, so
 * no more than one poll's worth of them ever does.
 */
final class AssignedPartition {
  private static final long NOWHERE = -1;

  private final TopicPartition id;
  private final OffsetWindow window;
  private final Queue<ConsumerRecord<byte[], byte[]>> waiting = new ArrayDeque<>();
  private final DecodedRecords decoded = new DecodedRecords();
  private long readTo = NOWHERE;
  private long position = NOWHERE;
  private long committed = OffsetWindow.NO_POSITION;

  AssignedPartition(TopicPartition id, OffsetWindow window) {
    this.id = id;
    this.window = window;
  }

  TopicPartition id() {
    return id;
  }

  OffsetWindow window() {
    return window;
  }

  /**
   * @param nextOffset where the consumer reads next
   */
  void add(List<ConsumerRecord<byte[], byte[]>> records, long nextOffset) {
    if (committed == OffsetWindow.NO_POSITION && !records.isEmpty()) {
      committed = records.getFirst().offset();
    }
    waiting.addAll(records);
    readTo = nextOffset;
    position = nextOffset;
    passGap();
  }

  /** The record that is to be put into the window next; null while there is none, or no room. */
  @Nullable ConsumerRecord<byte[], byte[]> first() {
    return window.isFull() ? null : waiting.peek();
  }

  /** The first record is in the window. */
  void removeFirst() {
    waiting.remove();
    passGap();
  }

  DecodedRecords decoded() {
    return decoded;
  }

  boolean hasWaiting() {
    return !decoded.isEmpty() || !waiting.isEmpty();
  }

  /** Offsets from the first that is unfinished to where the consumer reads next. */
  long unfinished() {
    long from = window.position().offset();
    if (from == OffsetWindow.NO_POSITION) {
      from = waiting.isEmpty() ? position : waiting.peek().offset();
    }
    return Math.max(0, position - from);
  }

  /** What should be committed, or null when there is no news. */
  OffsetWindow.@Nullable Position uncommitted() {
    OffsetWindow.Position position = window.position();
    boolean news = position.offset() != OffsetWindow.NO_POSITION && position.offset() != committed;
    return news ? position : null;
  }

  void setCommitted(OffsetWindow.Position position) {
    committed = position.offset();
    window.committed(position);
  }

  /** Ends the epoch. The records that wait here go to whoever gets the partition next. */
  void close() {
    window.close();
    waiting.clear();
    decoded.letGo();
  }

  /** Offsets without a record, such as transaction markers, need not be waited for. */
  private void passGap() {
    if (waiting.isEmpty() && readTo != NOWHERE) {
      window.readTo(readTo);
      readTo = NOWHERE;
    }
  }
}
