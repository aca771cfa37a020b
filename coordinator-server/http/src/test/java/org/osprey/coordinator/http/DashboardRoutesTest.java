package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardRoutesTest {
  private static final Pattern LINK =
      Pattern.compile(
          "(?:href|src)=\"(/dashboard/[^\"]+)\"|from \"(\\.[^\"]+)\"|import \"(\\.[^\"]+)\"");

  private final HttpServer server =
      new HttpServer(
          new HttpSettings(
              0, "127.0.0.1", 1_000, 100, Duration.ofMinutes(1), 1, Duration.ofSeconds(1)),
          List.of(new DashboardRoutes(List.of("extra"))));
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void open() throws IOException {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/dashboard/style.css, text/css",
    "/dashboard/main.js, text/javascript",
    "/dashboard/views/overview.js, text/javascript",
    "/dashboard/icon.svg, image/svg+xml"
  })
  void filesHaveTheirType(String path, String type) throws Exception {
    HttpResponse<String> answer = get(path, "");
    assertEquals(200, answer.statusCode());
    String got = answer.headers().firstValue("Content-Type").orElseThrow();
    assertTrue(got.startsWith(type), got);
    assertEquals("no-cache", answer.headers().firstValue("Cache-Control").orElseThrow());
  }

  @Test
  void whoHasAFileAlreadyIsToldSo() throws Exception {
    String tag = get("/dashboard/main.js", "").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> same = get("/dashboard/main.js", tag);
    assertEquals(304, same.statusCode());
    assertEquals("", same.body());
    assertEquals(200, get("/dashboard/style.css", tag).statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/dashboard/none.js",
        "/dashboard/",
        "/dashboard/views",
        "/dashboard/%2e%2e%2fopenapi.yaml",
        "/dashboard/..%2fopenapi.yaml",
        "/dashboard/views/../../openapi.yaml"
      })
  void nothingElseIsServed(String path) throws Exception {
    int status = get(path, "").statusCode();
    assertTrue(status == 404 || status == 400, path + " " + status);
  }

  /** A browser would show it only in its console. */
  @Test
  void everyFileThatIsNamedIsThere() throws Exception {
    Set<URI> seen = new TreeSet<>(Set.of(uri("/")));
    Queue<URI> left = new ArrayDeque<>(seen);
    while (!left.isEmpty()) {
      URI file = left.remove();
      HttpResponse<String> answer = get(file.getPath(), "");
      assertEquals(200, answer.statusCode(), file.getPath());
      Matcher links = LINK.matcher(answer.body());
      while (links.find()) {
        URI link = file.resolve(first(links));
        if (seen.add(link)) {
          left.add(link);
        }
      }
    }
    assertTrue(seen.size() > 15, seen.toString());
  }

  /** Or nobody would see it. */
  @Test
  void theViewsOfFeaturesAreNamed() throws Exception {
    HttpResponse<String> answer = get("/dashboard/features.js", "");
    assertTrue(
        answer.headers().firstValue("Content-Type").orElseThrow().startsWith("text/javascript"));
    assertEquals("export { view as \"extra\" } from \"./views/extra.js\";\n", answer.body());
  }

  private static String first(Matcher links) {
    for (int group = 1; group <= links.groupCount(); group++) {
      if (links.group(group) != null) {
        return links.group(group);
      }
    }
    throw new AssertionError("no group");
  }

  private HttpResponse<String> get(String path, String tag) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (!tag.isEmpty()) {
      request.header("If-None-Match", tag);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }
}
