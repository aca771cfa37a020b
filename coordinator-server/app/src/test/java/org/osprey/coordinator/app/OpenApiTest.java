package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.javalin.http.ExceptionHandler;
import io.javalin.http.Handler;
import io.javalin.router.Endpoint;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.javalin.security.RouteRole;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsExceptionHandler;
import io.javalin.websocket.WsHandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.collectors.gateway.CollectorRoutes;
import org.osprey.coordinator.collectors.gateway.FakeCollectors;
import org.osprey.coordinator.http.HttpRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** openapi.yaml is the contract: what it names is served, and what is served is in it. */
class OpenApiTest {
  private static final JsonNode CONTRACT = contract();

  @Test
  void routesAreThePathsOfTheContract() {
    Set<String> served = new TreeSet<>();
    CoordinatorConfig everything =
        ConfigLoader.load(
                Map.of("OSPREY_COORDINATOR_TASKS", "true", "OSPREY_COORDINATOR_STREAMS", "true"))
            .config();
    try (Coordinator coordinator = Composition.compose(everything)) {
      Recorder recorder = new Recorder(served);
      coordinator.httpRoutes().forEach((HttpRoutes routes) -> routes.addTo(recorder));
      new CollectorRoutes(new FakeCollectors()).addTo(recorder);
    }
    assertEquals(operations(), served);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    CONTRACT.findValuesAsString("$ref").forEach(OpenApiTest::assertFound);
    assertFalse(CONTRACT.findValuesAsString("$ref").isEmpty());
  }

  private static void assertFound(String reference) {
    assertFalse(CONTRACT.at(reference.substring(1)).isMissingNode(), reference);
  }

  private static Set<String> operations() {
    Set<String> operations = new TreeSet<>();
    CONTRACT
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .propertyNames()
                    .forEach(
                        method ->
                            operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    return operations;
  }

  private static JsonNode contract() {
    try (InputStream yaml = HttpRoutes.class.getResourceAsStream("/openapi.yaml")) {
      return new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Pages for people are no part of the contract. */
  private static boolean isPage(String path) {
    return path.equals("/")
        || path.startsWith("/dashboard")
        || path.startsWith("/docs")
        || path.equals("/favicon.ico")
        || path.equals("/api/openapi.yaml");
  }

  private record Recorder(Set<String> served) implements JavalinDefaultRoutingApi {
    @Override
    public JavalinDefaultRoutingApi addEndpoint(Endpoint endpoint) {
      if (endpoint.method.isHttpMethod() && !isPage(endpoint.path)) {
        served.add(endpoint.method + " " + endpoint.path);
      }
      return this;
    }

    @Override
    public <E extends Exception> JavalinDefaultRoutingApi exception(
        Class<E> type, ExceptionHandler<? super E> handler) {
      return this;
    }

    @Override
    public JavalinDefaultRoutingApi error(int status, String contentType, Handler handler) {
      return this;
    }

    @Override
    public <E extends Exception> JavalinDefaultRoutingApi wsException(
        Class<E> type, WsExceptionHandler<? super E> handler) {
      return this;
    }

    @Override
    public JavalinDefaultRoutingApi addWsHandler(
        WsHandlerType type, String path, Consumer<WsConfig> config, RouteRole... roles) {
      if (type == WsHandlerType.WEBSOCKET) {
        served.add("GET " + path);
      }
      return this;
    }
  }
}
