package org.osprey.coordinator.snowflake;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.outbound.BoundedBody;

/** The snowflake service over HTTP. One thread fetches; any may close. */
final class IdService implements AutoCloseable {
  /** The longest id has 20 digits; the rest is for a comma and white space. */
  private static final int BYTES_PER_ID = 24;

  private static final int BYTES_OF_ANY_ANSWER = 64;

  private final SnowflakeSettings settings;
  private @Nullable HttpClient client;
  private boolean closed;

  IdService(SnowflakeSettings settings) {
    this.settings = settings;
  }

  /**
   * Blocks for no longer than the time-out.
   *
   * @return the body of the answer, in a size that {@code count} ids can have
   * @throws IOException when there is none in time, or its status is not 200
   */
  byte[] fetch(int count) throws IOException, InterruptedException {
    int limit = count * BYTES_PER_ID + BYTES_OF_ANY_ANSWER;
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(request(count), response -> new BoundedBody(limit));
    HttpResponse<byte[]> response = await(exchange);
    if (response.statusCode() != 200) {
      throw new IOException("status %d, want 200".formatted(response.statusCode()));
    }
    return response.body();
  }

  /** Ends an exchange that goes on; further ones fail. May be repeated. */
  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      client.shutdownNow();
    }
  }

  /** Made when it is first needed, because it opens a selector. */
  private synchronized HttpClient client() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(settings.timeout())
              .build();
    }
    return client;
  }

  private HttpRequest request(int count) {
    return HttpRequest.newBuilder(settings.target())
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"count\": " + count + "}"))
        .build();
  }

  /** The client's own time-out would end at the headers; this one covers the body. */
  private <T> T await(CompletableFuture<T> exchange) throws IOException, InterruptedException {
    Duration timeout = settings.timeout();
    try {
      return exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      exchange.cancel(true);
    }
  }
}
