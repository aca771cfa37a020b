package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;

/** The live picture as server-sent events. */
public final class WatchRoutes implements HttpRoutes {
  private final Watchers watchers;

  public WatchRoutes(Watchers watchers) {
    this.watchers = watchers;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/api/events", this::watch, Need.VIEWER);
  }

  private void watch(Context context) throws InterruptedException {
    EventStream events = new EventStream(context);
    Watcher watcher = watchers.join(events::cut);
    try {
      events.begin();
      write(context, watcher, events);
    } catch (IOException e) {
      // It went away, which is how most of them end.
    } finally {
      watchers.leave(watcher);
    }
  }

  /** Until it goes away, or may not watch any more. */
  private static void write(Context context, Watcher watcher, EventStream events)
      throws IOException, InterruptedException {
    Caller caller = Caller.of(context);
    while (!watcher.ended() && !caller.isGone()) {
      byte[] picture = watcher.next(EventStream.HEARTBEAT);
      if (watcher.ended()) {
        return;
      }
      if (picture == null) {
        events.heartbeat();
      } else {
        events.send(picture);
      }
    }
  }
}
