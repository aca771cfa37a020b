package org.osprey.coordinator.ctl.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The REST API of one coordinator. Every method throws {@link Failure} when it gets no good answer.
 */
public final class Api {
  /** Longest wait for an answer that does not depend on workers. */
  public static final Duration USUAL = Duration.ofSeconds(30);

  private static final String JSON = "application/json";
  private static final Pattern NEXT = Pattern.compile("[?&]after=([^&>]+)[^>]*>; rel=\"next\"");
  private static final int LARGEST_PROBLEM = 64 * 1024;
  private static final String LINES = "application/x-ndjson";

  private final URI base;
  private final Http http;

  public Api(URI base, Credentials credentials) {
    this.base = base;
    http = new Http(base, credentials);
  }

  public URI base() {
    return base;
  }

  /** What it asks through. */
  public Http http() {
    return http;
  }

  public JsonNode get(String path) {
    return get(path, Set.of());
  }

  /**
   * @param refusals statuses that bring what was asked for too
   */
  public JsonNode get(String path, Set<Integer> refusals) {
    Answer answer = http.send(http.request(path).header("Accept", JSON).GET().build(), USUAL);
    boolean brought = refusals.contains(answer.status()) && answer.mediaType().equals(JSON);
    return json(brought ? answer : checked(answer));
  }

  /**
   * A part of a list.
   *
   * @param next where the part after it begins; empty when this is the last
   */
  public record Page(List<JsonNode> items, String next) {}

  /** A part of a list that is one array and has the way on in its header. */
  public Page getPage(String path) {
    Answer answer =
        checked(http.send(http.request(path).header("Accept", JSON).GET().build(), USUAL));
    Matcher next = NEXT.matcher(answer.link());
    List<JsonNode> items = new ArrayList<>();
    json(answer).forEach(items::add);
    return new Page(items, next.find() ? next.group(1) : "");
  }

  /** Without a body, and without one in the answer as often as not. */
  public JsonNode order(String path) {
    Answer answer = post(path, null, "", USUAL);
    return answer.body().length == 0 ? Json.object() : json(answer);
  }

  public JsonNode post(String path, byte[] json, Duration atMost) {
    return json(post(path, json, JSON, atMost));
  }

  public JsonNode put(String path, byte[] json) {
    HttpRequest.Builder request = http.request(path).header("Accept", JSON);
    request.header("Content-Type", JSON).PUT(BodyPublishers.ofByteArray(json));
    return json(checked(http.send(request.build(), USUAL)));
  }

  /** Events from there. */
  public Events events(String path) {
    HttpResponse<InputStream> response = Events.ask(http, path);
    Events events = Events.of(response);
    if (events == null) {
      throw Problem.of(answer(response), http);
    }
    return events;
  }

  /** Events from there; empty when there are none, or none more. */
  public Optional<Events> findEvents(String path) {
    HttpResponse<InputStream> response = Events.ask(http, path);
    Events events = Events.of(response);
    if (events == null) {
      Events.close(response.body());
    }
    return Optional.ofNullable(events);
  }

  /**
   * @param lines NDJSON
   * @return one for each line of the answer
   */
  public List<JsonNode> postLines(String path, byte[] lines, Duration atMost) {
    Answer answer = post(path, lines, LINES, atMost);
    List<JsonNode> results = new ArrayList<>();
    for (String line : new String(answer.body(), UTF_8).lines().toList()) {
      results.add(read(line.getBytes(UTF_8)));
    }
    return results;
  }

  /** A part of a path, such as a name that someone chose. */
  public static String segment(String text) {
    return query(text).replace("+", "%20");
  }

  /** A value in a query. */
  public static String query(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private Answer post(String path, byte @Nullable [] body, String mediaType, Duration atMost) {
    BodyPublisher publisher =
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    HttpRequest.Builder request = http.request(path).header("Accept", "*/*").POST(publisher);
    if (body != null) {
      request.header("Content-Type", mediaType);
    }
    return checked(http.send(request.build(), atMost));
  }

  private Answer answer(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return Answer.of(response, body.readNBytes(LARGEST_PROBLEM));
    } catch (IOException e) {
      throw new Failure(Exit.NO_ANSWER, "the connection to " + base + " broke");
    }
  }

  private Answer checked(Answer answer) {
    if (!answer.good()) {
      throw Problem.of(answer, http);
    }
    return answer;
  }

  private JsonNode json(Answer answer) {
    if (!answer.isJson()) {
      throw noCoordinator("its answer is no JSON");
    }
    return read(answer.body());
  }

  private JsonNode read(byte[] body) {
    try {
      return Json.read(body);
    } catch (JacksonException e) {
      throw noCoordinator("its answer is broken JSON");
    }
  }

  private Failure noCoordinator(String reason) {
    return new Failure(Exit.NO_ANSWER, base + " does not answer as a coordinator: " + reason);
  }
}
