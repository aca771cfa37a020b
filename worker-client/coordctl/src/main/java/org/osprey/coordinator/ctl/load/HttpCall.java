package org.osprey.coordinator.ctl.load;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.osprey.coordinator.ctl.api.Answer;
import org.osprey.coordinator.ctl.api.Http;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;

/** Posts to the HTTP port. */
final class HttpCall implements Call {
  private static final int OK_STATUS = 200;

  /** For the answer of a coordinator that has waited as long as it was told. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Http http;
  private final HttpRequest request;
  private final Duration atMost;

  HttpCall(Http http, Sample sample, Duration timeout) {
    this.http = http;
    atMost = timeout.plus(GRACE);
    request =
        http.request("/api/actions?mode=sync&timeout=" + timeout.toMillis() + "ms")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(sample.json()))
            .build();
  }

  @Override
  public void check() {
    Answer answer = http.send(http.request("/health/live").GET().build(), atMost);
    if (!answer.isJson()) {
      throw new Failure(
          Exit.NO_ANSWER,
          "/health/live: does not answer as a coordinator: HTTP status " + answer.status());
    }
  }

  @Override
  public String send() {
    try {
      int status = http.send(request, atMost).status();
      return status == OK_STATUS ? OK : Integer.toString(status);
    } catch (Failure e) {
      return e.exit().name();
    }
  }

  @Override
  public void close() {}
}
