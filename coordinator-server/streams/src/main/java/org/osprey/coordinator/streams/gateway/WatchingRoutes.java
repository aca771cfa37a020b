package org.osprey.coordinator.streams.gateway;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.http.Caller;
import org.osprey.coordinator.http.EventStream;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.Need;
import org.osprey.coordinator.http.ProblemException;
import org.osprey.coordinator.http.WebSockets;
import org.osprey.coordinator.proto.streams.v1.RegisterCommand;

/** Lets clients watch. */
final class WatchingRoutes implements HttpRoutes {
  /** Bytes. Many states, and little enough for thousands of clients who do not read. */
  private static final int SEND_BUFFER = 16 * 1024;

  private static final int MOST_CHARACTERS = 128;

  private final StreamRequests requests;
  private final WatcherPump pump;
  private final RandomGenerator random;

  WatchingRoutes(StreamRequests requests, WatcherPump pump, RandomGenerator random) {
    this.requests = requests;
    this.pump = pump;
    this.random = random;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    WebSockets.add(routes, "/streams/{stream_id}/ws", Need.VIEWER, SEND_BUFFER, this::openSocket);
    routes.get("/streams/{stream_id}/events", this::sendEvents, Need.VIEWER);
  }

  private Session.Listener openSocket(Context context) {
    WebSocketOutlet outlet = new WebSocketOutlet();
    return new SocketListener(pump, admit(context, outlet), outlet);
  }

  private void sendEvents(Context context) throws InterruptedException {
    EventStream events = new EventStream(context, SEND_BUFFER);
    EventOutlet outlet = new EventOutlet(events);
    Watcher watcher = admit(context, outlet);
    try {
      events.begin();
      pump.join(watcher);
      outlet.run(watcher);
    } catch (IOException e) {
      // It went away, which is how most of them end.
    } finally {
      pump.leave(watcher);
    }
  }

  /** Only those who ask for a stream that there is, in the right form. */
  private Watcher admit(Context context, Outlet outlet) {
    RegisterCommand who =
        RegisterCommand.newBuilder()
            .setStreamId(context.pathParam("stream_id"))
            .setClientId(clientId(context.queryParam("client_id")))
            .setSourceAddr(source(context))
            .build();
    Interest interest = Interest.of(context);
    requests.inspect(who.getStreamId());
    return pump.admit(who, interest, outlet, Caller.of(context)::isGone);
  }

  private String clientId(@Nullable String given) {
    if (given == null) {
      return RandomId.of(random);
    }
    if (given.isEmpty()
        || given.length() > MOST_CHARACTERS
        || given.chars().anyMatch(Character::isISOControl)) {
      throw ProblemException.badRequest(
          "client_id: want 1 to %d printable characters".formatted(MOST_CHARACTERS));
    }
    return given;
  }

  /** No two connections at a time have the same. */
  private static String source(Context context) {
    String address = context.req().getRemoteAddr();
    return "%s:%d".formatted(address, context.req().getRemotePort());
  }
}
