package org.osprey.coordinator.tasks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What somebody wants done, split into calls.
 *
 * @param payload the JSON array as it came
 * @param calls in the order of the services' settings, and then of the payload; never empty
 * @param submittedBy the identity that wants it; null when it is not known
 */
public record TaskRequest(
    String name,
    String description,
    String payload,
    List<Call> calls,
    @Nullable String submittedBy) {
  static final String SCENARIO = "scenario_id";
  static final String BUSINESS_TYPE = "business_type_id";

  /** Fields of items that are columns too. */
  private static final List<String> COLUMNS = List.of(SCENARIO, BUSINESS_TYPE);

  private static final int MAX_ITEMS = 10_000;
  private static final int MAX_NAME = 255;

  /**
   * One call to a service.
   *
   * @param items a JSON array: the body of the call
   * @param scenarioId of the first item that names one
   * @param businessTypeId likewise
   */
  public record Call(
      String service, String items, @Nullable String scenarioId, @Nullable String businessTypeId) {}

  /** The request is no task; nothing of it is kept. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param problem begins with the path of what is wrong
     */
    MalformedException(String problem) {
      super(problem, null, false, false);
    }
  }

  /**
   * @param json {@code task_name}, {@code task_description} and {@code payload}; what else is in it
   *     is ignored
   * @throws MalformedException naming the path of what is wrong
   */
  public static TaskRequest read(byte[] json, Collection<ServiceSettings> services)
      throws MalformedException {
    return read(tree(json), services);
  }

  /** As {@link #read(byte[], Collection)}. */
  static TaskRequest read(JsonNode body, Collection<ServiceSettings> services)
      throws MalformedException {
    JsonNode payload = body.path("payload");
    if (!payload.isArray()) {
      throw wrong("payload", payload, "an array of items");
    }
    if (payload.isEmpty() || payload.size() > MAX_ITEMS) {
      throw new MalformedException(
          "payload: has %d items, want 1 to %d".formatted(payload.size(), MAX_ITEMS));
    }
    Map<String, ServiceSettings> byName = new LinkedHashMap<>();
    services.forEach(service -> byName.put(service.name(), service));
    List<Call> calls = split(itemsByService(payload, byName), byName);
    String name = text(body, "task_name");
    if (name.isBlank() || name.length() > MAX_NAME) {
      throw new MalformedException(
          "task_name: has %d characters, want 1 to %d".formatted(name.length(), MAX_NAME));
    }
    String items = payload.toString();
    storable("payload", items);
    return new TaskRequest(name, text(body, "task_description"), items, calls, null);
  }

  /** The same, as an identity wants it. */
  TaskRequest by(String identity) {
    return new TaskRequest(name, description, payload, calls, identity);
  }

  /** The JSON object that these bytes are. */
  static JsonNode tree(byte[] json) throws MalformedException {
    try {
      JsonNode body = Payloads.MAPPER.readTree(json);
      if (!body.isObject()) {
        throw wrong("the body", body, "an object");
      }
      return body;
    } catch (JacksonException e) {
      throw new MalformedException("the body is not valid JSON: " + e.getOriginalMessage());
    }
  }

  private static Map<String, List<JsonNode>> itemsByService(
      JsonNode payload, Map<String, ServiceSettings> services) throws MalformedException {
    Map<String, List<JsonNode>> items = new LinkedHashMap<>();
    services.keySet().forEach(name -> items.put(name, new ArrayList<>()));
    for (int i = 0; i < payload.size(); i++) {
      String path = "payload[" + i + "]";
      JsonNode item = payload.get(i);
      if (!item.isObject()) {
        throw wrong(path, item, "an object with items of services");
      }
      if (!addAll(path, item, items)) {
        throw new MalformedException(
            "%s: has nothing for any service, want some of %s".formatted(path, services.keySet()));
      }
    }
    return items;
  }

  /**
   * @return whether there was anything
   */
  private static boolean addAll(String path, JsonNode item, Map<String, List<JsonNode>> items)
      throws MalformedException {
    boolean any = false;
    for (Map.Entry<String, JsonNode> part : item.properties()) {
      String place = path + "." + shown(part.getKey());
      List<JsonNode> ofService = items.get(part.getKey());
      if (ofService == null) {
        throw new MalformedException(
            "%s: no such service, want some of %s".formatted(place, items.keySet()));
      }
      if (part.getValue().isNull()) {
        continue;
      }
      if (!part.getValue().isObject()) {
        throw wrong(place, part.getValue(), "an object or null");
      }
      for (String column : COLUMNS) {
        storable(place + "." + column, part.getValue().path(column).asString(""));
      }
      ofService.add(part.getValue());
      any = true;
    }
    return any;
  }

  private static List<Call> split(
      Map<String, List<JsonNode>> items, Map<String, ServiceSettings> services) {
    List<Call> calls = new ArrayList<>();
    items.forEach(
        (service, ofService) -> {
          ServiceSettings settings = services.get(service);
          if (ofService.isEmpty() || settings == null) {
            return;
          }
          switch (settings.batch()) {
            case ALL -> calls.add(call(service, ofService));
            case ITEM -> ofService.forEach(item -> calls.add(call(service, List.of(item))));
          }
        });
    return List.copyOf(calls);
  }

  private static Call call(String service, List<JsonNode> items) {
    return new Call(
        service,
        Payloads.MAPPER.createArrayNode().addAll(items).toString(),
        firstText(items, SCENARIO),
        firstText(items, BUSINESS_TYPE));
  }

  private static @Nullable String firstText(List<JsonNode> items, String field) {
    return items.stream()
        .map(item -> item.path(field))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .findFirst()
        .orElse(null);
  }

  private static String text(JsonNode body, String field) throws MalformedException {
    JsonNode value = body.path(field);
    if (!value.isString()) {
      throw wrong(field, value, "a string");
    }
    storable(field, value.asString());
    return value.asString();
  }

  /** What not every database can store as text. */
  private static void storable(String path, String text) throws MalformedException {
    if (text.indexOf(0) >= 0) {
      throw new MalformedException(path + ": has a NUL character, want text without");
    }
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedException(path + ": has half a surrogate pair, want whole characters");
    }
  }

  private static MalformedException wrong(String path, JsonNode got, String want) {
    String kind =
        got.isMissingNode()
            ? "is missing"
            : "is of type " + got.getNodeType().name().toLowerCase(Locale.ROOT);
    return new MalformedException("%s: %s, want %s".formatted(path, kind, want));
  }

  /** Anyone may send any key. */
  private static String shown(String key) {
    String start = key.substring(0, Math.min(key.length(), 60));
    return start.replaceAll("[^\\x21-\\x7e]", "?");
  }
}
