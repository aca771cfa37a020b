package org.osprey.coordinator.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Finds coordinators through the v2 keys API, as workers in Python do. */
final class OldClient implements View {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI etcd;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  OldClient(URI etcd) {
    this.etcd = etcd;
  }

  @Override
  public List<Seen> lookUp(String service) throws IOException, InterruptedException {
    JsonNode answer = get("/discovery/" + service + "/instances?recursive=true");
    List<Seen> found = new ArrayList<>();
    for (JsonNode node : answer.path("node").path("nodes")) {
      if (!node.path("dir").asBoolean(false)) {
        found.add(instance(node));
      }
    }
    return found;
  }

  @Override
  public void delete(String key) throws IOException, InterruptedException {
    send(HttpRequest.newBuilder(keys(key)).DELETE());
  }

  @Override
  public void close() {
    http.close();
  }

  /** The whole answer; that of a key which is not there has an {@code errorCode}. */
  JsonNode get(String key) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(keys(key)).GET());
  }

  void put(String key, String value) throws IOException, InterruptedException {
    send(
        HttpRequest.newBuilder(keys(key))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .PUT(BodyPublishers.ofString("value=" + URLEncoder.encode(value, UTF_8))));
  }

  private static Seen instance(JsonNode node) {
    JsonNode value = JSON.readTree(node.get("value").asString());
    JsonNode ip = value.get("ip");
    JsonNode grpc = value.path("ports").get("grpc");
    return new Seen(
        node.get("key").asString(),
        node.get("value").asString(),
        ip == null || ip.isNull() ? value.get("address").asString() : ip.asString(),
        grpc == null ? value.get("port").asInt() + 1 : grpc.asInt(),
        value.get("draining").asBoolean());
  }

  private URI keys(String key) {
    return etcd.resolve("/v2/keys" + key);
  }

  private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
  }
}
