package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.ctl.api.Json;
import tools.jackson.databind.JsonNode;

/**
 * Row R33 of the fault table: secrets are planted wherever there may be some, in settings,
 * credentials, actions and tasks, good and bad, and then looked for in all that a coordinator says.
 */
@Timeout(300)
class SecretsTest {
  /** What every secret has in it, and nothing else. */
  private static final String PLANTED = "xyzzy";

  private static final String WORKER = PLANTED + "-token-of-workers";
  private static final String SUBMITTER = PLANTED + "-token-of-submitters";
  private static final String OPERATOR = PLANTED + "-token-of-operators";
  private static final String SECRET_DATA = "{\"card\":\"%s-card\"}".formatted(PLANTED);

  /** Those of the contract that answer at once and name nothing. */
  private static final List<String> PAGES =
      List.of(
          "/health",
          "/health/live",
          "/health/ready",
          "/metrics",
          "/api/actions/recent",
          "/api/autoscaling",
          "/api/dead-letters",
          "/api/queue",
          "/api/sources",
          "/api/tasks",
          "/api/workers",
          "/api/session",
          "/streams");

  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> said = new ArrayList<>();
  private final Queue<String> shownToWorkers = new ConcurrentLinkedQueue<>();

  @Test
  void whatIsSecretIsSaidToNobodyButTheWorker() throws Exception {
    tokens("worker", WORKER);
    tokens("submitter", SUBMITTER);
    tokens("operator", OPERATOR);
    Path config = Files.writeString(folder.resolve("secrets.yaml"), settings());
    said.add(ConfigLoader.load(config, Map.of()).describe());
    try (CoordinatorProcess coordinator =
        new CoordinatorProcess.Setup(folder, settings()).start()) {
      RawWorker worker = worker(coordinator);
      String url = "http://127.0.0.1:" + coordinator.httpPort();
      submitGood(url);
      submitBad(url);
      knockWith(url);
      await().until(() -> letters(url).size() == 1);
      readAll(url);
      worker.kill();
      // Written behind the coordinator's back, and there with the rest at the latest.
      await().until(() -> coordinator.log().contains("reason=bad_credential"));
      coordinator.terminate();
      coordinator.waitFor();
      said.add(coordinator.log());
    }
    assertEquals(List.of(SECRET_DATA), shownToWorkers.stream().distinct().toList());
    for (String text : said) {
      int hit = text.indexOf(PLANTED);
      assertFalse(
          hit >= 0,
          () -> text.substring(Math.max(0, hit - 300), Math.min(text.length(), hit + 100)));
    }
    System.out.printf(
        "R33 looked_at=%d characters=%d hits=0%n",
        said.size(), said.stream().mapToInt(String::length).sum());
  }

  @Test
  void aWorkerMayNotSteer() throws Exception {
    tokens("worker", WORKER);
    tokens("submitter", SUBMITTER);
    tokens("operator", OPERATOR);
    try (CoordinatorProcess coordinator =
        new CoordinatorProcess.Setup(folder, settings()).start()) {
      String url = "http://127.0.0.1:" + coordinator.httpPort();
      List<String> steering =
          List.of("/api/drain", "/api/dead-letters/purge", "/api/dead-letters/replay");
      for (String path : steering) {
        for (String token : List.of(WORKER, SUBMITTER)) {
          assertEquals(403, send(post(url + path, "{}"), "Bearer " + token).statusCode(), path);
        }
        assertEquals(
            401, http.send(post(url + path, "{}").build(), BodyHandlers.ofString()).statusCode());
      }
      assertEquals(403, send(get(url + "/api/dead-letters"), "Bearer " + WORKER).statusCode());
      System.out.printf("R33 steering=%d identities=3 let_in=0%n", steering.size());
    }
  }

  private String settings() {
    return """
        rpc: {bindAddress: 127.0.0.1}
        http: {bindAddress: 127.0.0.1}
        startup: {warmUp: 0s}
        logging: {level: debug}
        tracing: {exporter: log}
        database: {file: %1$s/secrets.db}
        retries: {nacks: 2, backoff: 10ms, maxBackoff: 10ms}
        nats: {user: nobody, password: %2$s-of-nats, token: %2$s-of-nats}
        etcd: {peers: ["http://127.0.0.1:1"], user: nobody, password: %2$s-of-etcd}
        kafka: {properties: {sasl.jaas.config: %2$s-of-kafka}}
        tasks:
          enabled: true
          retries: 0
          redact: [ssn]
          services: {closed: "http://127.0.0.1:1/closed"}
        streams: {enabled: true}
        access:
          identities:
            workers: {roles: worker, tokenFile: %1$s/worker}
            feeder: {roles: submitter, tokenFile: %1$s/submitter, maxPayload: 64KiB}
            ops: {roles: operator, tokenFile: %1$s/operator}
        """
        .formatted(folder, PLANTED);
  }

  private void tokens(String role, String token) throws IOException {
    Files.writeString(folder.resolve(role), token + "\n");
  }

  private RawWorker worker(CoordinatorProcess coordinator) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", coordinator.workerPort())
            .usePlaintext()
            .intercept(SecureCoordinator.bearer(WORKER))
            .build();
    RawWorker worker = RawWorker.connect(channel);
    return worker.handling(
        action -> {
          shownToWorkers.add(action.getJsonSecretData().toString(UTF_8));
          worker.nack(action);
        });
  }

  private void submitGood(String url) throws Exception {
    String action =
        "{\"name\":\"user_paid\",\"data\":{},\"secret_data\":%s}".formatted(SECRET_DATA);
    assertEquals(202, status(url + "/api/actions?mode=async", action));
    assertTrue(status(url + "/api/actions?mode=sync", action) >= 400, "a worker nacks it");
    String task =
        "{\"task_name\":\"pay\",\"task_description\":\"d\",\"payload\":[{\"closed\":{\"ssn\":\"%s-ssn\"}}]}"
            .formatted(PLANTED);
    assertEquals(200, status(url + "/api/orchestrate", task));
  }

  private void submitBad(String url) throws Exception {
    List<String> bad =
        List.of(
            "{\"name\":\"n\",\"data\":{},\"secret_data\":\"%s\"}",
            "{\"name\":\"n\",\"data\":{},\"secret_data\":{\"a\":%s}}",
            "{\"name\":\"n\",\"data\":{},\"secret_data\":{\"a\":\"%s\"",
            "{\"name\":\"n\",\"data\":{},\"secret_data\":[\"%s\"]}",
            "{\"name\":\"n\",\"data\":{\"a\":\"%s\",}}",
            "%s");
    for (String action : bad) {
      for (String mode : List.of("sync", "async")) {
        String url1 = url + "/api/actions?mode=" + mode;
        assertEquals(400, status(url1, action.formatted(PLANTED)), action);
      }
    }
    String large = "{\"name\":\"n\",\"data\":{\"a\":\"%s\"}}".formatted(PLANTED.repeat(20_000));
    assertEquals(413, status(url + "/api/actions?mode=async", large));
  }

  private void knockWith(String url) throws Exception {
    for (String shown : List.of("Bearer " + PLANTED + "-wrong", "Basic " + PLANTED, PLANTED)) {
      HttpResponse<String> answer = send(get(url + "/api/queue"), shown);
      assertEquals(401, answer.statusCode());
    }
    HttpRequest.Builder signIn =
        post(url + "/api/session", "{\"token\":\"%s-wrong\"}".formatted(PLANTED));
    HttpResponse<String> answer = http.send(signIn.build(), BodyHandlers.ofString());
    said.add(answer.body());
    assertEquals(401, answer.statusCode());
  }

  private void readAll(String url) throws Exception {
    for (String page : PAGES) {
      HttpResponse<String> answer = send(get(url + page), "Bearer " + OPERATOR);
      assertTrue(answer.statusCode() == 200 || answer.statusCode() == 503, page + answer.body());
    }
    for (JsonNode letter : letters(url)) {
      String id = letter.path("id").asString();
      assertEquals(
          200, send(get(url + "/api/dead-letters/" + id), "Bearer " + OPERATOR).statusCode());
    }
  }

  private JsonNode letters(String url) throws Exception {
    return Json.read(send(get(url + "/api/dead-letters"), "Bearer " + OPERATOR).body())
        .path("dead_letters");
  }

  private int status(String url, String body) throws Exception {
    return send(post(url, body), "Bearer " + SUBMITTER).statusCode();
  }

  /** What comes back is looked at later. */
  private HttpResponse<String> send(HttpRequest.Builder request, String authorization)
      throws Exception {
    HttpResponse<String> answer =
        http.send(request.header("Authorization", authorization).build(), BodyHandlers.ofString());
    said.add(answer.headers().map() + answer.body());
    return answer;
  }

  private static HttpRequest.Builder get(String url) {
    return HttpRequest.newBuilder(URI.create(url)).GET();
  }

  private static HttpRequest.Builder post(String url, String body) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
