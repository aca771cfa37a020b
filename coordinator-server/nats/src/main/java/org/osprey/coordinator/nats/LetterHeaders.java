package org.osprey.coordinator.nats;

/** The names of a dead letter's headers. */
final class LetterHeaders {
  static final String REASON = "dead-letter-reason";
  static final String DETAIL = "dead-letter-detail";
  static final String ORIGIN = "dead-letter-origin";

  /** In base 64. */
  static final String RESULT = "dead-letter-result";

  /** Only on a letter that had to go without its result: how large that was. */
  static final String RESULT_BYTES = "dead-letter-result-bytes";

  /** Only on a letter that had to go without its payload: how large that was. */
  static final String PAYLOAD_BYTES = "dead-letter-payload-bytes";

  /** Only on a letter that had to go without key and attributes: how many those were. */
  static final String ATTRIBUTES_LEFT_OUT = "dead-letter-attributes-left-out";

  /** In base 64. */
  static final String KEY = "dead-letter-key";

  /** Before the name of each attribute of a message that is no action. */
  static final String ATTRIBUTE = "dead-letter-attribute-";

  /** In base 64; only where the body cannot hold it. */
  static final String SECRET = "dead-letter-secret";

  static final String NACKS = "dead-letter-nacks";
  static final String DEATHS = "dead-letter-deaths";
  static final String SOURCE = "dead-letter-source";
  static final String ACTION_ID = "dead-letter-action-id";
  static final String ACTION_NAME = "dead-letter-action-name";
  static final String TIMESTAMP = "dead-letter-timestamp";
  static final String NOT_BEFORE = "not-before";
  static final String ENCODING = "encoding";
  static final String PROTO = "proto";

  private LetterHeaders() {}
}
