package org.osprey.coordinator.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Google's key management service as far as a decrypt call over REST sees it. */
final class FakeKeyService implements AutoCloseable {
  static final String KEY = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
  private static final Pattern CIPHERTEXT = Pattern.compile("\"ciphertext\"\\s*:\\s*\"([^\"]*)\"");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  final AtomicInteger calls = new AtomicInteger();
  volatile Mood mood = Mood.WELL;

  enum Mood {
    WELL,
    DOWN,
    FORBIDDEN,
    KEY_DISABLED,
    SILENT
  }

  FakeKeyService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/v1/" + KEY + ":decrypt", this::decrypt);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void decrypt(HttpExchange exchange) throws IOException {
    calls.incrementAndGet();
    String body = new String(request(exchange).readAllBytes(), UTF_8);
    switch (mood) {
      case WELL -> answer(exchange, body);
      case DOWN -> refuse(exchange, 503, "UNAVAILABLE");
      case FORBIDDEN -> refuse(exchange, 403, "PERMISSION_DENIED");
      case KEY_DISABLED -> refuse(exchange, 400, "FAILED_PRECONDITION");
      case SILENT -> {
        // The caller's own time is up first.
      }
    }
  }

  private static InputStream request(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    InputStream body = exchange.getRequestBody();
    return packed ? new GZIPInputStream(body) : body;
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    Matcher ciphertext = CIPHERTEXT.matcher(body);
    if (!ciphertext.find()) {
      refuse(exchange, 400, "INVALID_ARGUMENT");
      return;
    }
    try {
      String text = ciphertext.group(1).replace('-', '+').replace('_', '/').replace("\\u003d", "=");
      byte[] encrypted = Base64.getDecoder().decode(text);
      byte[] plaintext = Envelopes.key().decrypt(encrypted, new byte[0]);
      String answer = Base64.getEncoder().encodeToString(plaintext);
      send(exchange, 200, "{\"plaintext\":\"" + answer + "\"}");
    } catch (GeneralSecurityException e) {
      refuse(exchange, 400, "INVALID_ARGUMENT");
    }
  }

  private static void refuse(HttpExchange exchange, int code, String status) throws IOException {
    send(
        exchange,
        code,
        "{\"error\":{\"code\":%d,\"message\":\"no\",\"status\":\"%s\"}}".formatted(code, status));
  }

  private static void send(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
