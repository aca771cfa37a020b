package org.osprey.coordinator.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened and wants a decision. Immutable; the arrays are handed over, not copied,
 * so whoever makes an action must not touch them afterwards.
 *
 * @param id unsigned 64 bits
 * @param name never empty
 * @param encoding what {@code payload} holds
 * @param payload passed to the worker byte for byte
 * @param secret a JSON object for the worker's eyes only, or null for none
 * @param timestamp when it happened, as the source says
 * @param notBefore when it may be handed over, or null for at once; a caller's action ignores it
 */
@SuppressWarnings("ArrayRecordComponent") // copies would double the memory of a full queue
public record Action(
    long id,
    String name,
    Encoding encoding,
    byte[] payload,
    byte @Nullable [] secret,
    Instant timestamp,
    @Nullable Instant notBefore) {

  /** The form of a payload. */
  public enum Encoding {
    /** A JSON object in UTF-8. */
    JSON,
    /** An encoded {@code osprey.rpc.actions.v1.Action}. */
    PROTO
  }

  // Spelled out, because class files lose the annotation of a compact one.
  public Action(
      long id,
      String name,
      Encoding encoding,
      byte[] payload,
      byte @Nullable [] secret,
      Instant timestamp,
      @Nullable Instant notBefore) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("action name is empty, action_id=" + idText(id));
    }
    this.id = id;
    this.name = name;
    this.encoding = encoding;
    this.payload = payload;
    this.secret = secret;
    this.timestamp = timestamp;
    this.notBefore = notBefore;
  }

  /** An action that may be handed over at once. */
  public Action(
      long id,
      String name,
      Encoding encoding,
      byte[] payload,
      byte @Nullable [] secret,
      Instant timestamp) {
    this(id, name, encoding, payload, secret, timestamp, null);
  }

  /** The id as people and JSON write it. */
  public String idText() {
    return idText(id);
  }

  /** Payload and secret together, in bytes. */
  public long size() {
    return payload.length + (secret == null ? 0L : secret.length);
  }

  /** Names the action without its contents, which may be confidential. */
  @Override
  public String toString() {
    return "action_id=" + idText() + " action_name=" + name;
  }

  private static String idText(long id) {
    return Long.toUnsignedString(id);
  }
}
