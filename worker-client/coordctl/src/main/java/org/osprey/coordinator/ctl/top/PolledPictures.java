package org.osprey.coordinator.ctl.top;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts pictures together from what the API lists, for coordinators that send none. */
final class PolledPictures implements Pictures {
  private static final int NOT_WELL = 503;

  private final Api api;
  private final Duration interval;
  private boolean first = true;

  PolledPictures(Api api, Duration interval) {
    this.api = api;
    this.interval = interval;
  }

  @Override
  public JsonNode next() throws InterruptedException {
    if (!first) {
      Thread.sleep(interval);
    }
    first = false;
    JsonNode health = api.get("/health", Set.of(NOT_WELL));
    ObjectNode picture = Json.object().put("time", Instant.now().toString());
    picture.put("status", status(Field.text(health, "status")));
    picture.set("queue", api.get("/api/queue"));
    picture.set("sources", api.get("/api/sources").path("sources"));
    picture.set("workers", api.get("/api/workers?limit=50").path("workers"));
    picture.set("recent", api.get("/api/actions/recent").path("actions"));
    picture.set("checks", health.path("checks"));
    return picture;
  }

  /** Health knows two more words: whether all is well stands in the checks. */
  private static String status(String health) {
    return health.equals("ok") || health.equals("failing") ? "running" : health;
  }

  @Override
  public void close() {}
}
