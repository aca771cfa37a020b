package org.osprey.coordinator.ctl.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Server-sent events as they come. Belongs to one thread. */
public final class Events implements AutoCloseable {
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final int OK = 200;

  private final BufferedReader lines;

  private record Event(String name, String data) {}

  private Events(InputStream events) {
    lines = new BufferedReader(new InputStreamReader(events, UTF_8));
  }

  static HttpResponse<InputStream> ask(Http http, String path) {
    HttpRequest request = http.request(path).header("Accept", MEDIA_TYPE).GET().build();
    return http.send(request, Api.USUAL, HttpResponse.BodyHandlers.ofInputStream());
  }

  /** Null when something else came. */
  static @Nullable Events of(HttpResponse<InputStream> response) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    boolean good = response.statusCode() == OK && type.startsWith(MEDIA_TYPE);
    return good ? new Events(response.body()) : null;
  }

  /**
   * Waits for the next one of that name, and leaves out all others.
   *
   * @throws Failure at the end, and when the connection breaks
   * @throws InterruptedException when the thread is, or was while it waited
   */
  public JsonNode next(String name) throws InterruptedException {
    try {
      for (Event event = read(); event != null; event = read()) {
        if (event.name().equals(name)) {
          return Json.read(event.data());
        }
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      throw new Failure(Exit.NO_ANSWER, "the stream of events broke: " + e.getMessage());
    } catch (JacksonException e) {
      throw new Failure(Exit.NO_ANSWER, "an event is no JSON");
    }
    throw new Failure(Exit.NO_ANSWER, "the coordinator ended the stream of events");
  }

  @Override
  public void close() {
    close(lines);
  }

  static void close(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      // Nothing more is wanted of it.
    }
  }

  /** The next one that has data; null at the end. */
  private @Nullable Event read() throws IOException {
    String name = "";
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !data.isEmpty()) {
        return new Event(name, data.toString());
      }
      if (line.isEmpty() || line.startsWith("event:")) {
        name = value(line);
      } else if (line.startsWith("data:")) {
        data.append(value(line));
      }
    }
    return null;
  }

  /** Behind the colon; empty without one. */
  private static String value(String line) {
    return line.substring(line.indexOf(':') + 1).strip();
  }
}
