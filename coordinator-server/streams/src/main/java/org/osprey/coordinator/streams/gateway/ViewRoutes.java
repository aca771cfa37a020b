package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.proto.streams.v1.ListStreamsRequest;
import org.osprey.coordinator.proto.streams.v1.StreamView;

/** Shows streams as they are now. */
final class ViewRoutes implements HttpRoutes {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 1000;
  private static final String JSON = "application/json";

  private final StreamRequests requests;

  ViewRoutes(StreamRequests requests) {
    this.requests = requests;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/streams", this::list, Need.VIEWER);
    routes.get("/streams/{stream_id}", this::show, Need.VIEWER);
  }

  private void list(Context context) {
    int limit = limit(context.queryParam("limit"));
    String after = context.queryParam("after");
    List<StreamView> found =
        requests
            .list(
                ListStreamsRequest.newBuilder()
                    .setAfter(after == null ? "" : after)
                    // One more tells whether there is a next page.
                    .setLimit(limit + 1)
                    .build())
            .getStreamsList();
    List<StreamView> page = found.subList(0, Math.min(limit, found.size()));
    if (found.size() > limit) {
      context.header("Link", next(limit, page.getLast().getState().getStreamId()));
    }
    context
        .contentType(JSON)
        .result(page.stream().map(StreamJson::view).collect(Collectors.joining(",", "[", "]")));
  }

  private static String next(int limit, String last) {
    return "</streams?limit=%d&after=%s>; rel=\"next\""
        .formatted(limit, URLEncoder.encode(last, UTF_8));
  }

  private void show(Context context) {
    String id = context.pathParam("stream_id");
    context.contentType(JSON).result(StreamJson.view(requests.inspect(id).getView()));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ProblemException.badRequest("limit: want a whole number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }
}
