package org.osprey.coordinator.http;

import io.javalin.http.HttpStatus;

/** Ends a request with problem details (RFC 9457). */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final HttpStatus status;
  private final int retryAfterSeconds;

  /**
   * @param detail what is wrong and what would be right, for people; names the field
   */
  public ProblemException(HttpStatus status, String detail) {
    this(status, detail, 0);
  }

  /**
   * @param retryAfterSeconds when another try makes sense; 0 for no advice
   */
  public ProblemException(HttpStatus status, String detail, int retryAfterSeconds) {
    super(detail, null, false, false);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  public static ProblemException badRequest(String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, detail);
  }

  public static ProblemException notFound(String detail) {
    return new ProblemException(HttpStatus.NOT_FOUND, detail);
  }

  public static ProblemException conflict(String detail) {
    return new ProblemException(HttpStatus.CONFLICT, detail);
  }

  public HttpStatus status() {
    return status;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
