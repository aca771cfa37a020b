package org.osprey.coordinator.collectors.builtin.web;

/** Words for what a server answers. */
public final class Status {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private Status() {}

  public static String refusal(int status) {
    return switch (status) {
      case UNAUTHORIZED -> "status 401: the login is missing or wrong";
      case FORBIDDEN -> "status 403: the login may not do this";
      default -> "status " + status;
    };
  }
}
