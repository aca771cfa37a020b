package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.Ticker;

/** Watchers over real connections. */
@Timeout(120)
class WatchRoutesTest {
  private static final int MANY = 200;
  private static final int PICTURE = 64 * 1024;
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What the kernel may hold for one that does not read, with room to spare. */
  private static final int MOST_HELD = 512 * 1024;

  private final CountingPainter painter = new CountingPainter(PICTURE);
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private @Nullable Watchers watchers;
  private @Nullable HttpServer server;

  private Watchers open(Duration every, int most) throws IOException {
    return open(every, most, HttpSecurity.open());
  }

  private Watchers open(Duration every, int most, HttpSecurity security) throws IOException {
    Watchers opened = new Watchers(painter, every, most, Ticker.system());
    HttpSettings settings =
        new HttpSettings(
            0, "127.0.0.1", 1_000, 1_000, Duration.ofMinutes(1), most, Duration.ofSeconds(1));
    watchers = opened;
    server = new HttpServer(settings, List.of(new WatchRoutes(opened)), security);
    opened.start();
    server.start();
    return opened;
  }

  @AfterEach
  void close() {
    sockets.forEach(WatchRoutesTest::close);
    Objects.requireNonNull(watchers).close();
    Objects.requireNonNull(server).close();
  }

  @Test
  void anEventIsAnEvent() throws IOException {
    open(EVERY, 1);
    BufferedReader reader = connect();
    assertEquals("HTTP/1.1 200 OK", reader.readLine());
    String headers = upTo("", reader);
    assertTrue(headers.contains("Content-Type: text/event-stream; charset=utf-8"), headers);
    assertTrue(headers.contains("Cache-Control: no-store"), headers);
    String body = upTo("data: 2 ", reader);
    assertTrue(body.contains("retry: 2000\n"), body);
    assertTrue(body.contains("event: picture\ndata: 1 xxx"), body);
  }

  @Test
  void oneTooManyIsToldSo() throws IOException {
    Watchers few = open(Duration.ofDays(1), 2);
    connect();
    connect();
    await().atMost(PATIENCE).until(() -> few.count() == 2);
    BufferedReader reader = connect();
    assertEquals("HTTP/1.1 503 Service Unavailable", reader.readLine());
    String problem = upTo("", reader);
    assertTrue(problem.contains("Content-Type: application/problem+json"), problem);
    assertTrue(problem.contains("Retry-After: 5"), problem);
  }

  @Test
  void itEndsWithTheTokenOfWhoWatches(@TempDir Path folder) throws IOException {
    try (KnownCallers callers = KnownCallers.ofEachRole(folder)) {
      Watchers few = open(EVERY, 2, callers.security());
      assertEquals("HTTP/1.1 401 Unauthorized", connect().readLine());
      Socket socket = socket(64 * 1024);
      ask(socket, "Authorization: " + KnownCallers.bearer("viewer"));
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      assertEquals("HTTP/1.1 200 OK", reader.readLine());
      upTo("data: 2 ", reader);
      callers.write("viewer", "another-token-0123456789");
      assertTrue(reader.lines().count() > 0, "there is an end to them");
      await().atMost(PATIENCE).until(() -> few.count() == 0);
    }
  }

  @Test
  void oneThatIsStuckIsCutOffAndTheOthersSeeEveryPicture() throws Exception {
    // Whoever is three pictures behind is cut off: that must be long for those who do read.
    Duration pace = EVERY.multipliedBy(2);
    Watchers many = open(pace, MANY);
    Socket stuck = socket(4 * 1024);
    ask(stuck);
    await().atMost(PATIENCE).until(() -> many.count() == 1);
    try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        CountDownLatch connected = new CountDownLatch(MANY - 1);
        AtomicLong first = new AtomicLong();
        List<Future<Long>> missed = new ArrayList<>();
        for (int i = 1; i < MANY; i++) {
          BufferedReader reader = connect();
          missed.add(readers.submit(() -> missed(reader, connected, first)));
        }
        connected.await();
        await().atMost(PATIENCE).untilAsserted(() -> assertEquals(MANY - 1, many.count()));
        int held = painter.painted.get() * PICTURE;
        first.set(painter.painted.get());
        assertTrue(held < MOST_HELD, "held for the one that is stuck: %d bytes".formatted(held));
        for (Future<Long> one : missed) {
          assertEquals(0, one.get());
        }
      } finally {
        // Or the readers would read for ever.
        sockets.forEach(WatchRoutesTest::close);
      }
    }
    await().atMost(PATIENCE).until(() -> many.count() == 0);
    int last = painter.painted.get() + 1;
    await().during(pace.multipliedBy(3)).until(() -> painter.painted.get() <= last);
  }

  @Test
  void closingEndsTheStreamInGoodOrder() throws IOException {
    Watchers one = open(EVERY, 1);
    BufferedReader reader = connect();
    upTo("data: 1 ", reader);
    one.close();
    assertEquals(0, reader.lines().filter(line -> line.startsWith("HTTP")).count());
  }

  /** Reads until three pictures after {@code from}, and counts those that did not come. */
  private static long missed(BufferedReader reader, CountDownLatch connected, AtomicLong from)
      throws IOException {
    long first;
    try {
      first = number(reader);
    } finally {
      connected.countDown();
    }
    long last = first;
    long read = 1;
    while (from.get() == 0 || last < from.get() + 3) {
      last = number(reader);
      read++;
    }
    return last - first + 1 - read;
  }

  /** Of the next picture. */
  private static long number(BufferedReader reader) throws IOException {
    String data = "data: ";
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(data)) {
        return Long.parseLong(line.substring(data.length(), line.indexOf(' ', data.length())));
      }
    }
    throw new IOException("the stream ended");
  }

  private BufferedReader connect() throws IOException {
    Socket socket = socket(64 * 1024);
    ask(socket);
    return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
  }

  private Socket socket(int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    sockets.add(socket);
    socket.setReceiveBufferSize(receiveBuffer);
    socket.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), Objects.requireNonNull(server).port()));
    return socket;
  }

  private static void ask(Socket socket) throws IOException {
    ask(socket, "Accept: text/event-stream");
  }

  private static void ask(Socket socket, String header) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /api/events HTTP/1.1\r\nHost: here\r\n%s\r\n\r\n"
                .formatted(header)
                .getBytes(UTF_8));
  }

  /** The lines before and up to the first that starts so; of an empty one, that is empty. */
  private static String upTo(String start, BufferedReader reader) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lines.append(line).append('\n');
      if (start.isEmpty() ? line.isEmpty() : line.startsWith(start)) {
        return lines.toString();
      }
    }
    throw new IOException("ended before a line that starts with '%s'".formatted(start));
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
