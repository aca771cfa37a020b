package org.osprey.coordinator.snowflake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.osprey.coordinator.contract.ServerPorts;

/** A snowflake service on a free port that answers as it is told to. */
final class FakeIdService implements AutoCloseable {
  private static final Pattern REQUEST = Pattern.compile("\\{\"count\": ?(\\d+)}");

  /** Data centre and worker 0, as LocalIds never uses. */
  private final AtomicLong lastId = new AtomicLong();

  private final AtomicInteger requests = new AtomicInteger();
  private final List<String> mistakes = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService executor = Executors.newCachedThreadPool();
  private final int port;
  private HttpServer server;
  private volatile Answer answer = FakeIdService::ids;

  /** Answers one request for {@code count} ids. */
  @FunctionalInterface
  interface Answer {
    void send(FakeIdService service, HttpExchange exchange, int count) throws IOException;
  }

  FakeIdService() {
    port = freePort();
    server = listen(port);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** From now on nobody listens. */
  void goDown() {
    server.stop(0);
  }

  /** Listens again where it did, and gives on from the id it was at. */
  void comeUp() {
    server = listen(port);
  }

  int requests() {
    return requests.get();
  }

  /** Requests that did not look as they should. */
  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  void answer(Answer next) {
    answer = next;
  }

  void answer(int status, String body) {
    answer = (service, exchange, count) -> send(exchange, status, body);
  }

  /** Fresh ids. */
  void ids(HttpExchange exchange, int count) throws IOException {
    send(exchange, 200, batch(lastId.getAndAdd(count) + 1, count));
  }

  /** The ids of the answer before, once more. */
  void idsAgain(HttpExchange exchange, int count) throws IOException {
    send(exchange, 200, batch(lastId.get() - count + 1, count));
  }

  /** Goes on until the other side has had enough, or 1 GB is out. */
  static void giant(HttpExchange exchange, AtomicLong sent) throws IOException {
    byte[] part = "1,".repeat(50_000).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (int i = 0; i < 10_000; i++) {
        body.write(part);
        sent.addAndGet(part.length);
      }
    }
  }

  static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private static int freePort() {
    try (ServerSocket socket = ServerPorts.reserve()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpServer listen(int wanted) {
    try {
      HttpServer listening =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 0);
      listening.setExecutor(executor);
      listening.createContext("/", this::handle);
      listening.start();
      return listening;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String batch(long from, int count) {
    return LongStream.range(from, from + count)
        .map(number -> ((number / 4096) << 22) | (number % 4096))
        .mapToObj(Long::toUnsignedString)
        .collect(Collectors.joining(", ", "[", "]\n"));
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      answer.send(this, exchange, count(exchange, body));
    }
  }

  private int count(HttpExchange exchange, String body) {
    Matcher matcher = REQUEST.matcher(body);
    boolean right =
        exchange.getRequestMethod().equals("POST")
            && exchange.getRequestURI().getPath().equals("/generate")
            && exchange.getProtocol().equals("HTTP/1.1")
            && !exchange.getRequestHeaders().containsKey("Upgrade");
    if (!right || !matcher.matches()) {
      mistakes.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
      return 0;
    }
    return Integer.parseInt(matcher.group(1));
  }
}
