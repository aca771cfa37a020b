package org.osprey.coordinator.collectors.builtin.web;

import com.google.errorprone.annotations.ThreadSafe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.osprey.coordinator.outbound.BoundedBody;
import org.osprey.coordinator.outbound.TooLongException;
import org.osprey.coordinator.settings.Durations;

/** Gets what is behind a URL, whole, within a time and a size. Follows no redirection by itself. */
@ThreadSafe
public final class WebClient implements AutoCloseable {
  private final Duration timeout;
  private final int maxBody;
  private final HttpClient client;

  /**
   * @param timeout from the first byte out to the last byte in
   * @param maxBody in bytes
   * @throws IOException when the certificates cannot be used
   */
  public WebClient(Duration timeout, int maxBody, String caFile, boolean insecure)
      throws IOException {
    this.timeout = timeout;
    this.maxBody = maxBody;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(Trust.context(caFile, insecure))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /**
   * @throws FetchException when there is no answer in time, or it is too long; any status is one
   */
  public HttpResponse<byte[]> get(URI uri, Map<String, String> headers)
      throws FetchException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
    headers.forEach(request::header);
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), head -> new BoundedBody(maxBody));
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new FetchException("no answer within " + Durations.format(timeout), e);
    } catch (ExecutionException e) {
      throw new FetchException(reason(e.getCause() == null ? e : e.getCause()), e);
    } finally {
      // Ends what still goes on, and does nothing to what is done.
      answer.cancel(true);
    }
  }

  /** Gives up what is under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  private static String reason(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at instanceof TooLongException) {
        return String.valueOf(at.getMessage());
      }
    }
    return switch (cause) {
      case HttpConnectTimeoutException late -> "cannot connect in time";
      case ConnectException refused -> "cannot connect";
      case SSLException ssl -> "TLS: " + ssl.getMessage();
      default -> "no answer: " + (cause.getMessage() == null ? cause : cause.getMessage());
    };
  }
}
