package example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An example in a JVM of its own. */
final class ExampleProcess implements AutoCloseable {
  private static final String PORT = "health on port ";
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedReader output;

  ExampleProcess(Class<?> main, String databaseUrl, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("DATABASE_URL", databaseUrl);
    builder.environment().put("PORT", "0");
    process = builder.start();
    output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * @return its port for health checks
   */
  int awaitStarted() throws IOException {
    StringBuilder before = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(PORT)) {
        drain();
        return Integer.parseInt(line.substring(PORT.length()));
      }
      before.append(line).append('\n');
    }
    throw new AssertionError("it ended: " + before);
  }

  /** Or it would stop when what it says fills the pipe. */
  private void drain() {
    Thread.ofVirtual().start(() -> output.lines().forEach(line -> {}));
  }

  /** Ends by itself, well. */
  void awaitDone() throws InterruptedException {
    String said = output.lines().collect(Collectors.joining("\n"));
    awaitEnd();
    assertEquals(0, process.exitValue(), said);
  }

  void awaitEnd() throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it does not end");
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  static int status(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
