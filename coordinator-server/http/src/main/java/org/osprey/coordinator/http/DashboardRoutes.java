package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The page at {@code /}: files from the class path. Browsers keep them, and ask each time whether
 * they have changed.
 */
public final class DashboardRoutes implements HttpRoutes {
  private static final Pattern NAME = Pattern.compile("[a-z-]+(?:/[a-z-]+)?\\.(html|css|js|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Only files that exist, so there is an end to it, and the one that is made of a list. */
  private final Map<String, Asset> assets = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never changed
  private record Asset(byte[] content, String type, String tag) {
    static Asset of(byte[] content, String ending) {
      return new Asset(content, String.valueOf(TYPES.get(ending)), hash(content));
    }

    /** Weak, because what goes over the wire may be compressed. */
    private static String hash(byte[] content) {
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return "W/\"" + HexFormat.of().formatHex(digest, 0, 12) + "\"";
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }

  /**
   * @param features names of their views, as {@link HttpRoutes#views} gives them
   */
  public DashboardRoutes(List<String> features) {
    String module =
        features.stream()
            .map("export { view as \"%1$s\" } from \"./views/%1$s.js\";\n"::formatted)
            .collect(Collectors.joining());
    assets.put("features.js", Asset.of(module.getBytes(UTF_8), "js"));
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/", context -> send(context, "index.html"), Need.ANYBODY);
    routes.get(
        "/dashboard/<file>", context -> send(context, context.pathParam("file")), Need.ANYBODY);
  }

  private void send(Context context, String name) {
    Asset asset = assets.computeIfAbsent(name, DashboardRoutes::load);
    if (asset == null) {
      throw ProblemException.notFound("no file " + Parameters.shown(name));
    }
    context.header("Cache-Control", "no-cache").header("ETag", asset.tag());
    if (asset.tag().equals(context.header("If-None-Match"))) {
      context.status(HttpStatus.NOT_MODIFIED);
    } else {
      context.contentType(asset.type()).result(asset.content());
    }
  }

  private static @Nullable Asset load(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return null;
    }
    try (InputStream file = DashboardRoutes.class.getResourceAsStream("/dashboard/" + name)) {
      if (file == null) {
        return null;
      }
      return Asset.of(file.readAllBytes(), matcher.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the resource dashboard/" + name, e);
    }
  }
}
