package org.osprey.coordinator.collectors.builtin.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.Troubles;
import org.osprey.coordinator.collectors.builtin.web.FetchException;
import org.osprey.coordinator.collectors.builtin.web.Status;
import org.osprey.coordinator.collectors.builtin.web.WebClient;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Belongs, but for its health, to the thread of its polls. */
final class HttpCollector implements Collector {
  private static final int OK = 200;
  private static final int NOT_MODIFIED = 304;

  /** Numbers stay what they were, whatever a double can hold. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final HttpConfig config;
  private final URI uri;
  private final String shownUrl;
  private final CollectorContext context;
  private final Troubles troubles;
  private final RecentIds seen;
  private final JsonPointer items;
  private final JsonPointer id;
  private volatile @Nullable WebClient client;
  private @Nullable String etag;

  HttpCollector(HttpConfig config, URI uri, CollectorContext context) {
    this.config = config;
    this.uri = uri;
    // what follows a question mark may be a key
    this.shownUrl = uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    this.context = context;
    this.troubles = new Troubles("http", context);
    this.seen = new RecentIds(config.remember());
    this.items = JsonPointer.compile(config.items());
    this.id = JsonPointer.compile(config.id());
  }

  @Override
  public void start(Emitter emitter) throws IOException {
    WebClient made =
        new WebClient(config.timeout(), config.maxBody(), config.caFile(), config.insecure());
    client = made;
    Redirects redirects = new Redirects(made);
    context.every(config.interval(), () -> poll(emitter, redirects));
  }

  @Override
  public Health health() {
    return troubles.health("polls " + shownUrl);
  }

  @Override
  public void close() {
    WebClient made = client;
    if (made != null) {
      made.close();
    }
  }

  private void poll(Emitter emitter, Redirects redirects) throws InterruptedException {
    long begun = context.nanos();
    Map<String, String> attributes = new HashMap<>(Map.of("url", shownUrl));
    try {
      HttpResponse<byte[]> response = redirects.get(uri, headers());
      attributes.put("status", Integer.toString(response.statusCode()));
      attributes.put("latency_ms", Long.toString((context.nanos() - begun) / 1_000_000));
      take(emitter, response, attributes);
      troubles.worked(emitter, shownUrl, Map.of("url", shownUrl));
    } catch (FetchException e) {
      troubles.failed(emitter, shownUrl, String.valueOf(e.getMessage()), attributes);
    }
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>(config.headers());
    if (etag != null) {
      headers.put("If-None-Match", etag);
    }
    return headers;
  }

  private void take(Emitter emitter, HttpResponse<byte[]> response, Map<String, String> attributes)
      throws FetchException, InterruptedException {
    if (response.statusCode() == NOT_MODIFIED && etag != null) {
      return;
    }
    if (response.statusCode() != OK) {
      throw new FetchException(Status.refusal(response.statusCode()));
    }
    JsonNode body = parse(response.body());
    if (config.items().isEmpty()) {
      emit(emitter, "http.response", attributes, body);
    } else {
      takeItems(emitter, body.at(items), attributes);
    }
    // only now: what was not emitted is to come again
    etag = response.headers().firstValue("etag").orElse(null);
  }

  private void takeItems(Emitter emitter, JsonNode array, Map<String, String> attributes)
      throws FetchException, InterruptedException {
    if (!array.isArray()) {
      throw new FetchException("want an array at %s of the answer".formatted(config.items()));
    }
    for (JsonNode item : array) {
      String key = key(item);
      if (key == null || seen.add(key)) {
        Map<String, String> own = new HashMap<>(attributes);
        if (key != null) {
          own.put("id", key);
        }
        emit(emitter, "http.item", own, item);
      }
    }
  }

  /** Null when there is nothing to know it by. */
  private @Nullable String key(JsonNode item) {
    if (config.id().isEmpty()) {
      return null;
    }
    JsonNode found = item.at(id);
    if (found.isMissingNode() || found.isNull()) {
      return null;
    }
    return found.isString() ? found.stringValue() : found.toString();
  }

  private void emit(Emitter emitter, String type, Map<String, String> attributes, JsonNode json)
      throws InterruptedException {
    Payload payload = Payload.json(MAPPER.writeValueAsBytes(json));
    emitter.emit(new Event(type, Severity.INFO, context.clock().instant(), attributes, payload));
  }

  private static JsonNode parse(byte[] body) throws FetchException {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json.isMissingNode()) {
        throw new FetchException("want JSON, got an empty answer");
      }
      return json;
    } catch (JacksonException e) {
      throw new FetchException("want JSON, got something else");
    }
  }
}
