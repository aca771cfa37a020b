package org.osprey.coordinator.http;

import io.javalin.http.HttpStatus;
import java.util.List;

/** Ends a request with problem details (RFC 9457). */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final HttpStatus status;
  private final int retryAfterSeconds;
  private final transient List<String> mistakes;

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
    this(status, detail, retryAfterSeconds, List.of());
  }

  private ProblemException(
      HttpStatus status, String detail, int retryAfterSeconds, List<String> mistakes) {
    super(detail, null, false, false);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.mistakes = List.copyOf(mistakes);
  }

  public static ProblemException badRequest(String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, detail);
  }

  /**
   * When several things are wrong at once.
   *
   * @param mistakes each what is wrong in one place and what would be right, for people
   */
  public static ProblemException badRequest(String detail, List<String> mistakes) {
    return new ProblemException(HttpStatus.BAD_REQUEST, detail, 0, mistakes);
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

  List<String> mistakes() {
    return mistakes;
  }
}
