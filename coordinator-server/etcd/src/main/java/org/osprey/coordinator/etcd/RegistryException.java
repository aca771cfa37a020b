package org.osprey.coordinator.etcd;

import org.jspecify.annotations.Nullable;

/** A store did not do what it was asked to. */
final class RegistryException extends Exception {
  private static final long serialVersionUID = 1;

  /** What helps. */
  enum Kind {
    /** Another peer, a new connection, or time. */
    NO_ANSWER,
    /** Somebody who changes a setting or a permission. */
    REFUSED,
    /** Nothing is wrong: this etcd does not have the store. */
    NOT_OFFERED
  }

  private final Kind kind;
  private final String detail;

  private RegistryException(Kind kind, String trouble, String detail, @Nullable Throwable cause) {
    super(trouble, cause);
    this.kind = kind;
    this.detail = detail;
  }

  /**
   * @param trouble names the setting, in words that stay the same while it lasts
   * @param detail what happened this time
   */
  static RegistryException noAnswer(String trouble, String detail, @Nullable Throwable cause) {
    return new RegistryException(Kind.NO_ANSWER, trouble, detail, cause);
  }

  /**
   * @param trouble names the setting, in words that stay the same while it lasts
   */
  static RegistryException refused(String trouble, @Nullable Throwable cause) {
    return new RegistryException(Kind.REFUSED, trouble, "", cause);
  }

  static RegistryException notOffered(String detail) {
    return new RegistryException(Kind.NOT_OFFERED, "not offered", detail, null);
  }

  Kind kind() {
    return kind;
  }

  /** The same words for the same trouble. */
  String trouble() {
    return String.valueOf(getMessage());
  }

  /** Trouble and what happened this time. */
  String explained() {
    return detail.isEmpty() ? trouble() : trouble() + " (" + detail + ")";
  }
}
