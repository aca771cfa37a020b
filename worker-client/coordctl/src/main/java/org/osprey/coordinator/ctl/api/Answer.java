package org.osprey.coordinator.ctl.api;

import java.net.http.HttpResponse;
import java.util.Locale;

/**
 * What came back.
 *
 * @param mediaType without parameters, empty when there is none
 * @param retryAfter as the header says; empty when there is none
 * @param link as the header says; empty when there is none
 */
@SuppressWarnings("ArrayRecordComponent") // made for the one who asks
public record Answer(int status, String mediaType, String retryAfter, String link, byte[] body) {
  private static final int FIRST_REFUSAL = 300;

  public Answer {
    mediaType = mediaType.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
  }

  static Answer of(HttpResponse<?> response, byte[] body) {
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("Content-Type").orElse(""),
        response.headers().firstValue("Retry-After").orElse(""),
        response.headers().firstValue("Link").orElse(""),
        body);
  }

  boolean good() {
    return status < FIRST_REFUSAL;
  }

  public boolean isJson() {
    return mediaType.equals("application/json") || mediaType.endsWith("+json");
  }
}
