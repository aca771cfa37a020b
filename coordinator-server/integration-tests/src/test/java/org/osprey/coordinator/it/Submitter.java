package org.osprey.coordinator.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Callers that submit actions over HTTP as fast as they are answered, single ones and batches in
 * turn, through whatever happens to the coordinator. They remember what was accepted.
 */
final class Submitter implements AutoCloseable {
  private static final int BATCH = 20;

  /** Before the next try with a coordinator that is gone. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final IntSupplier port;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong interrupted = new AtomicLong();
  private final Set<Long> accepted = ConcurrentHashMap.newKeySet();
  private final List<Thread> callers = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * @param port of whichever coordinator is there now
   */
  Submitter(IntSupplier port) {
    this.port = port;
  }

  Submitter start(int count) {
    for (int i = 0; i < count; i++) {
      boolean batches = i % 2 == 1;
      callers.add(Thread.ofVirtual().start(() -> call(batches)));
    }
    return this;
  }

  /** Returns when the last answer is there. */
  void stop() {
    stopped = true;
    for (Thread caller : callers) {
      try {
        caller.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  Set<Long> accepted() {
    return accepted;
  }

  /** Requests that got no answer. */
  long interrupted() {
    return interrupted.get();
  }

  @Override
  public void close() {
    stop();
    client.shutdownNow();
  }

  private void call(boolean batches) {
    while (!stopped) {
      long last = ids.addAndGet(batches ? BATCH : 1);
      try {
        if (batches) {
          batch(last - BATCH + 1, last);
        } else {
          single(last);
        }
      } catch (IOException e) {
        // The coordinator is gone, and what was not accepted may be lost.
        interrupted.incrementAndGet();
        LockSupport.parkNanos(PAUSE.toNanos());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void single(long id) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("application/json", action(id));
    if (answer.statusCode() == 202) {
      accepted.add(id);
    }
  }

  private void batch(long first, long last) throws IOException, InterruptedException {
    String lines =
        LongStream.rangeClosed(first, last)
            .mapToObj(Submitter::action)
            .collect(Collectors.joining("\n"));
    HttpResponse<Stream<String>> answer =
        client.send(request("application/x-ndjson", lines), BodyHandlers.ofLines());
    try (Stream<String> results = answer.body()) {
      results
          .filter(line -> line.contains("\"status\":202") && line.endsWith("}"))
          .forEach(line -> accepted.add(id(line)));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private HttpResponse<String> post(String type, String body)
      throws IOException, InterruptedException {
    return client.send(request(type, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String type, String body) {
    URI address =
        URI.create("http://127.0.0.1:%d/api/actions?mode=async".formatted(port.getAsInt()));
    return HttpRequest.newBuilder(address)
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", type)
        .POST(BodyPublishers.ofString(body))
        .build();
  }

  private static String action(long id) {
    return "{\"id\":\"%d\",\"name\":\"submitted\",\"data\":{\"n\":%d}}".formatted(id, id);
  }

  private static long id(String line) {
    return Long.parseLong(line.replaceFirst(".*\"id\":\"([0-9]+)\".*", "$1"));
  }
}
