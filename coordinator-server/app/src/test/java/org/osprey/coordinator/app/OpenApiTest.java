package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javalin.http.ExceptionHandler;
import io.javalin.http.Handler;
import io.javalin.router.Endpoint;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.javalin.security.Roles;
import io.javalin.security.RouteRole;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsExceptionHandler;
import io.javalin.websocket.WsHandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.app.config.ConfigLoader;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.collectors.gateway.CollectorRoutes;
import org.osprey.coordinator.collectors.gateway.FakeCollectors;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.HttpSecurity;
import org.osprey.coordinator.http.SessionRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** openapi.yaml is the contract: what it names is served, and what is served is in it. */
class OpenApiTest {
  private static final JsonNode CONTRACT = contract();

  @Test
  void routesAreThePathsOfTheContract() {
    assertEquals(operations(), recorded().served());
  }

  /** One that does not is for operators, which is safe and rarely meant. */
  @Test
  void everyRouteSaysWhomItIsFor() {
    Set<String> silent = new TreeSet<>();
    recorded()
        .needs()
        .forEach(
            (route, needs) -> {
              if (needs.isEmpty()) {
                silent.add(route);
              }
            });
    assertEquals(Set.of(), silent);
  }

  @Test
  void theContractSaysWhomEachRouteIsFor() {
    Map<String, Set<String>> needs = recorded().needs();
    Map<String, Set<String>> said = new TreeMap<>();
    CONTRACT
        .get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method ->
                            said.put(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                roles(method.getValue()))));
    needs.keySet().retainAll(said.keySet());
    assertEquals(said, needs);
  }

  /** One of these is enough; anybody where there is none. */
  private static Set<String> roles(JsonNode operation) {
    Set<String> roles = new TreeSet<>();
    for (JsonNode way : operation.get("security")) {
      way.forEach(named -> named.forEach(role -> roles.add(role.asString())));
    }
    if (roles.isEmpty()) {
      return Set.of("anybody");
    }
    assertEquals(
        3 * roles.size(), operation.get("security").size(), "by token, session, certificate");
    assertTrue(operation.get("responses").has("401"));
    assertTrue(operation.get("responses").has("403"));
    return roles;
  }

  private static Recorder recorded() {
    Recorder recorder = new Recorder(new TreeSet<>(), new TreeMap<>());
    CoordinatorConfig everything =
        ConfigLoader.load(
                Map.of("OSPREY_COORDINATOR_TASKS", "true", "OSPREY_COORDINATOR_STREAMS", "true"))
            .config();
    try (Coordinator coordinator = Composition.compose(everything)) {
      coordinator.httpRoutes().forEach((HttpRoutes routes) -> routes.addTo(recorder));
      new CollectorRoutes(new FakeCollectors()).addTo(recorder);
      new SessionRoutes(HttpSecurity.open()).addTo(recorder);
    }
    return recorder;
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

  /**
   * @param needs names of the needs of each route, pages and sockets too
   */
  private record Recorder(Set<String> served, Map<String, Set<String>> needs)
      implements JavalinDefaultRoutingApi {
    @Override
    public JavalinDefaultRoutingApi addEndpoint(Endpoint endpoint) {
      if (endpoint.method.isHttpMethod() && !isPage(endpoint.path)) {
        served.add(endpoint.method + " " + endpoint.path);
      }
      if (endpoint.method.isHttpMethod()) {
        needs.put(endpoint.method + " " + endpoint.path, names(endpoint));
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
        needs.put("GET " + path, names(Set.of(roles)));
      }
      return this;
    }

    private static Set<String> names(Endpoint endpoint) {
      Roles roles = endpoint.metadata(Roles.class);
      return roles == null ? Set.of() : names(roles.getRoles());
    }

    private static Set<String> names(Set<RouteRole> roles) {
      return roles.stream()
          .map(role -> String.valueOf(role).toLowerCase(Locale.ROOT))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
