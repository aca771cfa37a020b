package org.osprey.coordinator.tasks.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.tasks.samples.SampleService.Behaviour;

class SampleServicesTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private SampleServices services;

  @BeforeEach
  void start() throws IOException {
    services = new SampleServices(0, Behaviour.QUICK);
  }

  @AfterEach
  void stop() {
    services.close();
    client.close();
  }

  @Test
  void thereAreThree() throws Exception {
    assertEquals(
        List.of("revenue", "rebates", "specialty"),
        services.list().stream().map(SampleService::name).toList());
    for (SampleService service : services.list()) {
      HttpResponse<String> answer = call(service, "k");
      assertEquals(200, answer.statusCode());
      assertEquals("{\"status\":\"success\",\"data\":[1]}", answer.body());
    }
  }

  @Test
  void whatComesAgainWithItsKeyIsDoneOnce() throws Exception {
    SampleService revenue = services.list().getFirst();
    call(revenue, "k1");
    call(revenue, "k1");
    call(revenue, "k2");
    HttpRequest request = HttpRequest.newBuilder(URI.create(revenue.url() + "/counts")).build();
    assertEquals(
        "{\"calls\":3,\"effects\":2}", client.send(request, BodyHandlers.ofString()).body());
  }

  @Test
  void theyFailAsTheyAreTold() throws Exception {
    try (SampleServices failing = new SampleServices(0, new Behaviour(Duration.ZERO, 1, 0))) {
      SampleService revenue = failing.list().getFirst();
      assertEquals(500, call(revenue, "k").statusCode());
      assertEquals(0, revenue.effects());
    }
  }

  private HttpResponse<String> call(SampleService service, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(service.url())
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString("[1]"))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }
}
