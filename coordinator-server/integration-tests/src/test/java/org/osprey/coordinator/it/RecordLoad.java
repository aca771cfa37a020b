package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.concurrent.locks.LockSupport;

/** Writes actions to a topic, each once, and keeps the ledger. */
final class RecordLoad implements AutoCloseable {
  private final KafkaTopics topics;
  private final String topic;
  private final int partitions;
  private final RecordLedger ledger;
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);
  private volatile int perSecond;
  private volatile boolean ended;
  private long lastId;

  RecordLoad(KafkaTopics topics, String topic, int partitions, RecordLedger ledger) {
    this.topics = topics;
    this.topic = topic;
    this.partitions = partitions;
    this.ledger = ledger;
  }

  /** Returns when the broker has them all. */
  RecordLoad send(int count) {
    for (int i = 0; i < count; i++) {
      send();
    }
    topics.flush();
    return this;
  }

  /** Writes at a steady rate until it is stopped. */
  RecordLoad start(int rate) {
    perSecond = rate;
    thread.start();
    return this;
  }

  @Override
  public void close() {
    stop();
  }

  /** Returns when the broker has answered for all that was written. May be repeated. */
  void stop() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    topics.flush();
  }

  static byte[] value(long id) {
    return "{\"id\":\"%1$d\",\"name\":\"user_login\",\"data\":{\"n\":%1$d}}"
        .formatted(id)
        .getBytes(UTF_8);
  }

  /**
   * @param bytes the length of the value, unless it takes more to say what it has to
   */
  static byte[] value(long id, int bytes) {
    String start =
        "{\"id\":\"%1$d\",\"name\":\"user_login\",\"data\":{\"n\":%1$d,\"text\":\"".formatted(id);
    String end = "\"}}";
    int padding = Math.max(0, bytes - start.length() - end.length());
    return (start + "x".repeat(padding) + end).getBytes(UTF_8);
  }

  private void run() {
    long start = System.nanoTime();
    for (long i = 0; !ended; i++) {
      long due = start + i * 1_000_000_000L / perSecond;
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      send();
    }
  }

  private void send() {
    long id = ++lastId;
    topics.send(topic, (int) (id % partitions), Long.toString(id), value(id), ledger);
  }
}
