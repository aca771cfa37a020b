package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.Count;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.Lease;
import tools.jackson.databind.JsonNode;

/** Many actions in one request. */
@Timeout(240)
class ActionBatchTest {
  private static final String NDJSON = "application/x-ndjson";

  @Test
  void eachLineHasItsResultAndBlankOnesHaveNone() {
    try (ActionServer server = ActionServer.start(new InMemoryOrigin(), 10).withWorker()) {
      String large = "x".repeat(ActionServer.MAX_BODY);
      HttpResponse<String> answer =
          server.post(
              "?timeout=10s",
              NDJSON,
              """
              {"id":"7","name":"login","data":{}}

              {"id":"8","name":"nack","data":{}}
              {"name":"a"}
              \t\r
              {"id":"9","name":"a","data":{"a":"%s"}}
              {"id":"10","name":"silent","data":{}}\r
              {"id":"11","name":"last","data":{}}"""
                  .formatted(large));
      assertEquals(200, answer.statusCode());
      assertTrue(answer.headers().firstValue("Content-Type").orElse("").startsWith(NDJSON));
      assertEquals(
          """
          {"line":1,"status":200,"id":"7","verdicts":["verdict_for_7"]}
          {"line":3,"status":409,"id":"8","detail":"a worker nacked it"}
          {"line":4,"status":400,"detail":"data is missing"}
          {"line":6,"status":413,"detail":"want at most 2000 bytes"}
          {"line":7,"status":200,"id":"10","verdicts":[]}
          {"line":8,"status":200,"id":"11","verdicts":["verdict_for_11"]}
          """,
          answer.body());
    }
  }

  @Test
  void anEmptyBatchHasAnEmptyAnswer() {
    try (ActionServer server = ActionServer.start(new InMemoryOrigin(), 10)) {
      HttpResponse<String> answer = server.post("?mode=async", NDJSON, "\n\n");
      assertEquals(200, answer.statusCode());
      assertEquals("", answer.body());
    }
  }

  @Test
  void asyncLinesAreStoredTogether() {
    AtomicInteger most = new AtomicInteger();
    AtomicInteger out = new AtomicInteger();
    try (ActionServer server =
        ActionServer.start(
            action -> {
              most.accumulateAndGet(out.incrementAndGet(), Math::max);
              return CompletableFuture.runAsync(
                  out::decrementAndGet,
                  CompletableFuture.delayedExecutor(
                      20, java.util.concurrent.TimeUnit.MILLISECONDS));
            })) {
      HttpResponse<String> answer = server.post("?mode=async", NDJSON, lines(2_000));
      List<JsonNode> results = answer.body().lines().map(Json.MAPPER::readTree).toList();
      assertEquals(2_000, results.size());
      for (int i = 0; i < results.size(); i++) {
        assertEquals(i + 1, results.get(i).get("line").intValue());
        assertEquals(202, results.get(i).get("status").intValue());
        assertEquals(Integer.toString(i + 1), results.get(i).get("id").stringValue());
      }
      assertTrue(most.get() > 20, most::toString);
      assertTrue(most.get() <= 260, most::toString);
    }
  }

  @Test
  void aResultComesBeforeTheNextLineIsSent() throws IOException {
    try (ActionServer server = ActionServer.start(new InMemoryOrigin(), 10).withWorker();
        Talk talk = new Talk(server.port())) {
      talk.send("{\"id\":\"1\",\"name\":\"a\",\"data\":{}}\n");
      talk.skipHeaders();
      assertEquals(
          "{\"line\":1,\"status\":200,\"id\":\"1\",\"verdicts\":[\"verdict_for_1\"]}",
          talk.receive());
      talk.send("{\"id\":\"2\",\"name\":\"a\",\"data\":{}}\n");
      assertEquals(
          "{\"line\":2,\"status\":200,\"id\":\"2\",\"verdicts\":[\"verdict_for_2\"]}",
          talk.receive());
    }
  }

  @Test
  void aSlowActionHoldsItsPlaceAndTheOthersGoOn() throws InterruptedException {
    try (ActionServer server = ActionServer.start(new InMemoryOrigin(), 10).withWorker()) {
      CompletableFuture<HttpResponse<String>> answer =
          CompletableFuture.supplyAsync(
              () ->
                  server.post(
                      "", NDJSON, "{\"id\":\"1\",\"name\":\"hold\",\"data\":{}}\n" + lines(100)));
      Lease lease = server.takeHeld();
      await().until(() -> server.dispatcher().stats().count(Count.SYNC_ACKED) == 100);
      server.ack(lease);
      List<String> results = answer.join().body().lines().toList();
      assertEquals(101, results.size());
      assertTrue(results.getFirst().contains("verdict_for_1"), results.getFirst());
    }
  }

  @Test
  void whoBreaksOffIsWaitedForNoLonger() throws IOException {
    try (ActionServer server = ActionServer.start(new InMemoryOrigin(), 10)) {
      try (Talk talk = new Talk(server.port())) {
        talk.send(lines(50));
        await().until(() -> server.dispatcher().stats().sync().accepted() == 50);
      }
      await().until(() -> server.dispatcher().stats().sync().accepted() == 0);
      assertEquals(50, server.dispatcher().stats().count(Count.CALLERS_GONE));
    }
  }

  private static String lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj("{\"id\":\"%d\",\"name\":\"a\",\"data\":{}}\n"::formatted)
        .collect(Collectors.joining());
  }

  /** A client that sends its body bit by bit and reads the answer meanwhile. */
  private static final class Talk implements AutoCloseable {
    private static final String HEAD =
        """
        POST /api/actions HTTP/1.1
        Host: localhost
        Content-Type: application/x-ndjson
        Transfer-Encoding: chunked

        """;

    private final Socket socket;
    private final OutputStream out;
    private final BufferedReader in;

    Talk(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      out = socket.getOutputStream();
      in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      write(HEAD.replace("\n", "\r\n"));
    }

    void send(String chunk) throws IOException {
      write("%x\r\n%s\r\n".formatted(chunk.getBytes(UTF_8).length, chunk));
    }

    void skipHeaders() throws IOException {
      assertEquals("HTTP/1.1 200 OK", in.readLine());
      for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
        assertTrue(line.contains(":"), line);
      }
    }

    /** The next line of the answer, which is alone in its chunk. */
    String receive() throws IOException {
      String line = in.readLine();
      while (!line.startsWith("{")) {
        line = in.readLine();
      }
      return line;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(UTF_8));
      out.flush();
    }
  }
}
