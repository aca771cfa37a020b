package org.osprey.coordinator.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.worker.StreamWorker;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Workers that find coordinators as the Python ones do: they read the v2 keys of etcd again and
 * again, serve every instance that does not drain and leave those that are gone.
 */
final class DiscoveredWorkers implements AutoCloseable {
  private static final String KEYS =
      "/v2/keys/discovery/osprey_coordinator/instances?recursive=true";
  private static final Duration POLL = Duration.ofMillis(250);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonMapper json = new JsonMapper();
  private final URI keys;
  private final Function<String, StreamWorker> starter;
  private final Map<String, StreamWorker> workers = new HashMap<>();
  private volatile int found;
  private final SupervisedLoop loop =
      new SupervisedLoop("discovery", Ticker.system(), Duration.ofSeconds(30), this::turn);

  /**
   * @param starter starts a worker for a target
   */
  DiscoveredWorkers(URI etcd, Function<String, StreamWorker> starter) {
    keys = etcd.resolve(KEYS);
    this.starter = starter;
  }

  DiscoveredWorkers start() {
    loop.start();
    return this;
  }

  /** How many coordinators are served. */
  int found() {
    return found;
  }

  @Override
  public void close() {
    loop.close();
    workers.values().forEach(StreamWorker::close);
    http.close();
  }

  private void turn() throws InterruptedException {
    Set<String> targets = targets();
    targets.forEach(target -> workers.computeIfAbsent(target, starter));
    Set<String> gone = new HashSet<>(workers.keySet());
    gone.removeAll(targets);
    gone.forEach(this::leave);
    found = workers.size();
    Thread.sleep(POLL);
  }

  private void leave(String target) {
    StreamWorker worker = workers.remove(target);
    if (worker != null) {
      worker.close();
    }
  }

  private Set<String> targets() throws InterruptedException {
    try {
      String body = http.send(HttpRequest.newBuilder(keys).build(), BodyHandlers.ofString()).body();
      Set<String> targets = new HashSet<>();
      for (JsonNode node : json.readTree(body).path("node").path("nodes")) {
        JsonNode instance = json.readTree(node.path("value").asString());
        if (!instance.path("draining").asBoolean()) {
          targets.add(target(instance));
        }
      }
      return targets;
    } catch (IOException e) {
      // Known coordinators are served on while etcd is away.
      return Set.copyOf(workers.keySet());
    }
  }

  private static String target(JsonNode instance) {
    String ip = instance.path("ip").asString("");
    String host = ip.isEmpty() ? instance.path("address").asString() : ip;
    int port = instance.path("ports").path("grpc").asInt(instance.path("port").asInt() + 1);
    return host + ":" + port;
  }
}
