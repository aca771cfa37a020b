package org.osprey.coordinator.ctl.top;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Http;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Pictures as the coordinator sends them. */
final class EventPictures implements Pictures {
  private static final String MEDIA_TYPE = "text/event-stream";
  private static final int OK = 200;

  private final BufferedReader lines;

  private EventPictures(InputStream events) {
    lines = new BufferedReader(new InputStreamReader(events, UTF_8));
  }

  /**
   * Empty when the coordinator sends none, or none more.
   *
   * @throws Failure when it does not answer
   */
  static Optional<Pictures> open(Http http) {
    HttpRequest request = http.request("/api/events").header("Accept", MEDIA_TYPE).GET().build();
    HttpResponse<InputStream> response =
        http.send(request, Api.USUAL, HttpResponse.BodyHandlers.ofInputStream());
    String type = response.headers().firstValue("Content-Type").orElse("");
    if (response.statusCode() == OK && type.startsWith(MEDIA_TYPE)) {
      return Optional.of(new EventPictures(response.body()));
    }
    close(response.body());
    return Optional.empty();
  }

  @Override
  public JsonNode next() throws InterruptedException {
    try {
      while (true) {
        String data = event();
        if (data == null) {
          throw new Failure(Exit.NO_ANSWER, "the coordinator ended the stream of events");
        }
        if (!data.isEmpty()) {
          return Json.read(data);
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
  }

  @Override
  public void close() {
    close(lines);
  }

  /** The data of the next event if it is a picture, otherwise empty; null at the end. */
  private @Nullable String event() throws IOException {
    StringBuilder data = new StringBuilder();
    boolean picture = false;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty()) {
        return picture ? data.toString() : "";
      }
      picture = picture || value(line, "event:").equals("picture");
      data.append(value(line, "data:"));
    }
    return null;
  }

  private static String value(String line, String field) {
    return line.startsWith(field) ? line.substring(field.length()).strip() : "";
  }

  private static void close(AutoCloseable open) {
    try {
      open.close();
    } catch (Exception e) {
      // Nothing more is wanted of it.
    }
  }
}
