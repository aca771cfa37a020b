package org.osprey.coordinator.streams.nats;

import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import io.nats.client.Subscription;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.streams.StreamCommands;

/**
 * Where messages come in.
 *
 * @param group of those that share the subject one takes each message; null for no sharing
 */
record Route(String subject, @Nullable String group, MessageHandler handler) {
  private static final String GROUP = "orchestrator";

  /** For what may go to any coordinator. */
  static List<Route> shared(Inbound inbound, StreamCommands streams) {
    return of(Subjects.ANY, GROUP, inbound, streams);
  }

  /** For what goes to one coordinator. */
  static List<Route> own(String instance, Inbound inbound, StreamCommands streams) {
    return of(Subjects.instance(instance), null, inbound, streams);
  }

  void subscribe(Dispatcher dispatcher) {
    Subscription unused =
        group == null
            ? dispatcher.subscribe(subject, handler)
            : dispatcher.subscribe(subject, group, handler);
  }

  private static List<Route> of(
      Subjects subjects, @Nullable String group, Inbound inbound, StreamCommands streams) {
    return List.of(
        new Route(subjects.command(), group, message -> inbound.command(streams, message)),
        new Route(
            subjects.subscription(), group, message -> inbound.subscription(streams, message)),
        new Route(subjects.list(), group, message -> inbound.list(streams, message)));
  }
}
