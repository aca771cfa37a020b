package org.osprey.coordinator.core;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was given up, with all that is needed to understand it and to try it again.
 *
 * @param source the name of the source, as operators know it
 * @param origin the message's place at its source, such as topic, partition and offset; empty when
 *     the source has no places
 * @param nacks how often workers nacked it
 * @param deaths how often a worker died with it or let its lease expire
 * @param error what went wrong last, for people; without contents
 * @param result the encoded {@code ExecutionResult} or {@code Verdicts} that no sink takes, or null
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
public record DeadLetter(
    Reason reason,
    String source,
    String origin,
    Content content,
    int nacks,
    int deaths,
    String error,
    byte @Nullable [] result) {

  /** Why it was given up. */
  public enum Reason {
    /** Workers answered with a nack as often as the limit allows. */
    NACKED,
    /** Workers died with it, or let its lease expire, as often as the limit allows. */
    WORKERS_LOST,
    /** The message is no action. */
    UNDECODABLE,
    /** A worker handled it, but what it computed is larger than the sink takes. */
    RESULT_TOO_LARGE
  }

  /** What was given up. */
  public sealed interface Content {
    /** In bytes. */
    long size();
  }

  /** An action. */
  public record Decoded(Action action) implements Content {
    @Override
    public long size() {
      return action.size();
    }
  }

  /**
   * A message that is no action, as its source had it.
   *
   * @param attributes headers or attributes
   * @param timestamp when it was published
   */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes, handed through
  public record Undecoded(
      byte @Nullable [] key, byte[] data, Map<String, String> attributes, Instant timestamp)
      implements Content {

    // Spelled out, because class files lose the annotation of a compact one.
    public Undecoded(
        byte @Nullable [] key, byte[] data, Map<String, String> attributes, Instant timestamp) {
      this.key = key;
      this.data = data;
      this.attributes = Map.copyOf(attributes);
      this.timestamp = timestamp;
    }

    @Override
    public long size() {
      return data.length;
    }
  }

  /** A message that is no action. */
  public static DeadLetter undecodable(
      String source, String origin, Undecoded content, String error) {
    return new DeadLetter(Reason.UNDECODABLE, source, origin, content, 0, 0, error, null);
  }

  /** Names the letter without its contents, which may be confidential. */
  @Override
  public String toString() {
    String what =
        switch (content) {
          case Decoded decoded -> decoded.action().toString();
          case Undecoded undecoded -> "message";
        };
    return "%s source=%s origin=\"%s\" reason=%s nacks=%d deaths=%d bytes=%d error=\"%s\""
        .formatted(what, source, origin, reason, nacks, deaths, content.size(), error);
  }
}
