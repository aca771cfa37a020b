package org.osprey.coordinator.ctl.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;

/** Exchanges with one coordinator. Threads may share it. */
public final class Http {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final URI base;
  private final Credentials credentials;
  private final HttpClient client;

  /**
   * @param base with no slash at its end
   */
  public Http(URI base, Credentials credentials) {
    this.base = base;
    this.credentials = credentials;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
    if (encrypted()) {
      builder.sslContext(credentials.context());
    }
    client = builder.build();
  }

  URI base() {
    return base;
  }

  Credentials credentials() {
    return credentials;
  }

  /**
   * @param path from its slash, with its query
   */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path)).header("User-Agent", "coordctl");
    credentials.authorization().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  /**
   * @param atMost for the whole exchange
   * @throws Failure when there is no answer
   */
  public Answer send(HttpRequest request, Duration atMost) {
    HttpResponse<byte[]> response = send(request, atMost, HttpResponse.BodyHandlers.ofByteArray());
    return Answer.of(response, response.body());
  }

  /**
   * Waits until the body handler has what it wants.
   *
   * @throws Failure when there is no answer
   */
  public <T> HttpResponse<T> send(HttpRequest request, Duration atMost, BodyHandler<T> handler) {
    CompletableFuture<HttpResponse<T>> response = client.sendAsync(request, handler);
    try {
      return response.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      response.cancel(true);
      throw new Failure(
          Exit.NO_ANSWER, "%s did not answer within %s".formatted(base, Human.seconds(atMost)));
    } catch (InterruptedException e) {
      response.cancel(true);
      Thread.currentThread().interrupt();
      throw new Failure(Exit.NO_ANSWER, "interrupted");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw TlsFailure.of(base, cause).orElseGet(() -> failure(cause));
    }
  }

  private Failure failure(Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return new Failure(
          Exit.NO_CONNECTION,
          "cannot connect to %s within %d s".formatted(base, CONNECT.toSeconds())
              + (encrypted() ? " (a port without TLS wants http://)" : ""));
    }
    if (cause instanceof ConnectException) {
      return new Failure(
          Exit.NO_CONNECTION,
          "cannot connect to %s: %s".formatted(base, why(cause))
              + " (is the coordinator running? --url or OSPREY_COORDINATOR_URL name another)");
    }
    if (cause instanceof IOException) {
      return new Failure(
          Exit.NO_ANSWER,
          "the connection to %s broke: %s".formatted(base, why(cause))
              + (encrypted() ? "" : " (a port with TLS wants https://)"));
    }
    return new Failure(Exit.NO_ANSWER, "asking %s failed: %s".formatted(base, cause));
  }

  private boolean encrypted() {
    return "https".equals(base.getScheme());
  }

  private static String why(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return "no such host";
      }
    }
    String message = failure.getMessage();
    // Without a message it is the kernel's usual answer for a closed port.
    return message == null ? "connection refused" : Cell.clean(message);
  }
}
