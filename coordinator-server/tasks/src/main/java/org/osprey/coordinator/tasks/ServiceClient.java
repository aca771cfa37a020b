package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.tasks.Attempt.Failed.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

/** Makes calls to services. Never blocks; many calls at a time share a few connections each. */
@ThreadSafe
public final class ServiceClient implements AutoCloseable {
  /** Bytes of an answer; what is longer is refused. */
  public static final int MAX_RESPONSE = 1 << 20;

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
  private static final int SHOWN_BODY = 200;
  private static final JsonMapper MAPPER = new JsonMapper();

  @SuppressWarnings("ThreadSafe") // it is
  private final HttpClient client =
      HttpClient.newBuilder()
          // Over plain HTTP its upgrade to HTTP/2 makes some servers lose the body.
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTING)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * @param timeout from the first byte sent to the last byte received
   * @param items the body, JSON
   * @param idempotencyKey the same for every attempt that must have one effect
   * @return completes within the time-out and never fails; who completes it before aborts the call
   */
  public CompletableFuture<Attempt> call(
      URI url, Duration timeout, String items, String idempotencyKey) {
    BoundedBody body = new BoundedBody();
    CompletableFuture<HttpResponse<Void>> exchange =
        client.sendAsync(
            request(url, items, idempotencyKey), BodyHandlers.ofByteArrayConsumer(body));
    // The client's own time-out would end at the headers.
    CompletableFuture<Attempt> ended =
        exchange
            .copy()
            .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
            .handle(
                (response, failure) ->
                    failure == null ? attempt(response, body.text()) : attempt(timeout, failure));
    CompletionStage<Attempt> end = ended;
    end.whenComplete((attempt, failure) -> exchange.cancel(true));
    return ended;
  }

  /** Ends the calls that are under way. */
  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Collects an answer up to its bound; one after the other thread calls it. */
  private static final class BoundedBody implements Consumer<Optional<byte[]>> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void accept(Optional<byte[]> part) {
      part.ifPresent(this::add);
    }

    private void add(byte[] part) {
      if (part.length > MAX_RESPONSE - bytes.size()) {
        throw new TooLargeException();
      }
      bytes.writeBytes(part);
    }

    String text() {
      return bytes.toString(UTF_8);
    }
  }

  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static HttpRequest request(URI url, String items, String idempotencyKey) {
    return HttpRequest.newBuilder(url)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Idempotency-Key", idempotencyKey)
        .POST(BodyPublishers.ofString(items))
        .build();
  }

  private static Attempt attempt(HttpResponse<Void> response, String body) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return isJson(body)
          ? new Attempt.Succeeded(body)
          : new Attempt.Refused("status %d with an answer that is not JSON".formatted(status));
    }
    String error = "status " + status + (body.isBlank() ? "" : ": " + shown(body));
    if (status >= 500) {
      return new Attempt.Failed(Kind.BROKEN, error, retryAfter(response));
    }
    boolean passing =
        status == 408 || status == 425 || status == 429 || (status == 409 && isOutstanding(body));
    return passing
        ? new Attempt.Failed(Kind.BUSY, error, retryAfter(response))
        : new Attempt.Refused(error);
  }

  private static Attempt attempt(Duration timeout, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof TooLargeException || cause.getCause() instanceof TooLargeException) {
      return new Attempt.Refused("an answer of more than %d bytes".formatted(MAX_RESPONSE));
    }
    if (cause instanceof TimeoutException) {
      return new Attempt.Failed(
          Kind.BROKEN, "no whole answer within %d ms".formatted(timeout.toMillis()), null);
    }
    boolean reached =
        !(cause instanceof ConnectException) && !(cause instanceof HttpConnectTimeoutException);
    String message = cause.getMessage() == null ? "" : ": " + cause.getMessage();
    return new Attempt.Failed(
        reached ? Kind.BROKEN : Kind.NOT_REACHED, cause.getClass().getSimpleName() + message, null);
  }

  /** The service is still busy with the same key: the answer will come. */
  private static boolean isOutstanding(String body) {
    try {
      return MAPPER.readTree(body).path("title").asString("").contains("outstanding");
    } catch (JacksonException e) {
      return false;
    }
  }

  /** Exactly one value: it is stored and shown as it is. */
  private static boolean isJson(String body) {
    try (JsonParser parser = MAPPER.createParser(body)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /** In seconds; a date is rare and taken as no advice. */
  private static @Nullable Duration retryAfter(HttpResponse<?> response) {
    String text = response.headers().firstValue("Retry-After").orElse("");
    if (!text.matches("[0-9]{1,9}")) {
      return null;
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(text));
    return wait.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : wait;
  }

  private static String shown(String body) {
    int end = Math.min(body.length(), SHOWN_BODY);
    if (end > 0 && Character.isHighSurrogate(body.charAt(end - 1))) {
      end--; // half a pair cannot be stored
    }
    String start = body.substring(0, end);
    return start.replaceAll("\\p{Cntrl}", " ");
  }
}
