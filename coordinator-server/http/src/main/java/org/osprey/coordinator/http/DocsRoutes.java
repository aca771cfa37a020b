package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The contract, and Swagger UI to try it out. */
public final class DocsRoutes implements HttpRoutes {
  private static final String SWAGGER = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "png", "image/png");

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get(
        "/api/openapi.yaml",
        context -> send(context, "/openapi.yaml", "application/yaml"),
        Need.ANYBODY);
    routes.get(
        "/docs", context -> send(context, "/docs/index.html", TYPES.get("html")), Need.ANYBODY);
    routes.get(
        "/docs/start.js",
        context -> send(context, "/docs/start.js", TYPES.get("js")),
        Need.ANYBODY);
    routes.get("/docs/{file}", DocsRoutes::swagger, Need.ANYBODY);
  }

  private static void swagger(Context context) {
    String file = context.pathParam("file");
    String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
    if (type == null || !file.matches("[a-zA-Z0-9.-]+")) {
      throw ProblemException.notFound("no file " + Parameters.shown(file));
    }
    send(context, SWAGGER + file, type);
  }

  private static void send(Context context, String resource, @Nullable String type) {
    InputStream file = DocsRoutes.class.getResourceAsStream(resource);
    if (file == null) {
      throw ProblemException.notFound("no file " + Parameters.shown(context.path()));
    }
    context.status(HttpStatus.OK).contentType(String.valueOf(type)).result(file);
  }
}
