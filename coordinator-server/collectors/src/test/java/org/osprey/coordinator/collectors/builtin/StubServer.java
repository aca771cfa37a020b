package org.osprey.coordinator.collectors.builtin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Answers each path with what it is told, over HTTP or HTTPS. */
public final class StubServer implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  private StubServer(HttpServer server, String scheme) {
    this.server = server;
    this.scheme = scheme;
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  public static StubServer http() throws IOException {
    return new StubServer(HttpServer.create(anyPort(), 0), "http");
  }

  /**
   * @param certificate written there in PEM, the same for all servers of a folder; it is for the
   *     name localhost
   */
  public static StubServer https(Path certificate) throws Exception {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity(certificate)));
    return new StubServer(server, "https");
  }

  public String authority() {
    return "localhost:" + server.getAddress().getPort();
  }

  public String url(String path) {
    return scheme + "://" + authority() + path;
  }

  public void answer(String path, int status, String body) {
    answer(path, status, body, Map.of());
  }

  public void answer(String path, int status, String body, Map<String, String> headers) {
    answers.put(path, new Answer(status, body, headers, false));
  }

  /** Its head comes, and its body never. */
  public void stall(String path) {
    answers.put(path, new Answer(200, "", Map.of(), true));
  }

  /** Since it was asked last. */
  public List<Request> takeRequests() {
    List<Request> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(
        new Request(
            path,
            exchange.getRequestHeaders().getOrDefault("Authorization", List.of()),
            exchange.getRequestHeaders().getOrDefault("If-None-Match", List.of())));
    Answer answer = answers.getOrDefault(path, new Answer(404, "", Map.of(), false));
    answer.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    boolean empty = answer.body.isEmpty() && !answer.stalls;
    exchange.sendResponseHeaders(answer.status, empty ? -1 : 0);
    try (OutputStream out = exchange.getResponseBody()) {
      if (answer.stalls) {
        out.flush();
        closed.await();
      } else if (!empty) {
        out.write(answer.body.getBytes(UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SSLContext identity(Path certificate) throws Exception {
    Path file = certificate.resolveSibling("identity.p12");
    if (!Files.exists(file)) {
      keytool(file);
    }
    KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
    writePem(store, certificate);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static void writePem(KeyStore store, Path file)
      throws IOException, GeneralSecurityException {
    String text = Base64.getMimeEncoder().encodeToString(store.getCertificate("stub").getEncoded());
    Files.writeString(
        file,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(text),
        US_ASCII);
  }

  private static void keytool(Path store) throws IOException, InterruptedException {
    String arguments =
        "-genkeypair -alias stub -keyalg EC -dname CN=stub -ext san=dns:localhost -validity 2"
            + " -storetype PKCS12 -storepass changeit -keystore "
            + store;
    String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    Process process =
        new ProcessBuilder((tool + " " + arguments).split(" ", -1))
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), US_ASCII);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
    }
  }

  /** What was asked for, with two of its headers. */
  public record Request(String path, List<String> login, List<String> ifNoneMatch) {}

  private record Answer(int status, String body, Map<String, String> headers, boolean stalls) {}
}
