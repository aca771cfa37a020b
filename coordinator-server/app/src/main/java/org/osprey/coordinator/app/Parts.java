package org.osprey.coordinator.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Announcer;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.DispatcherSettings;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Tracer;
import org.osprey.coordinator.http.HttpRoutes;
import org.osprey.coordinator.http.HttpSettings;
import org.osprey.coordinator.rpc.RpcSettings;

/**
 * What a coordinator is made of.
 *
 * @param decoder reads dead letters that are replayed
 * @param sink null when results are not published
 * @param submissions takes actions whose senders do not wait
 * @param sources by the name operators know them by, in the order of their start; closed first
 * @param components started first in this order, closed last in the other
 * @param discovery null when nobody looks for this coordinator
 * @param warmUp how long to warm up before sources and announcement; zero for not at all
 * @param drainTimeout how long closing waits for what is out
 * @param tracer one of the components too; null when nothing is traced
 * @param routes of features, beside those of the coordinator itself
 * @param figures what has numbers to tell and is nothing else
 */
public record Parts(
    DispatcherSettings dispatching,
    RpcSettings ports,
    HttpSettings http,
    Guards guards,
    IdGenerator ids,
    MessageDecoder decoder,
    DeadLetters deadLetters,
    @Nullable ResultSink sink,
    Submissions submissions,
    Map<String, Source> sources,
    List<Component> components,
    @Nullable Discovery discovery,
    Duration warmUp,
    Duration drainTimeout,
    @Nullable Tracer tracer,
    List<HttpRoutes> routes,
    List<Measured> figures) {

  /** Every part that is also a {@code kind}, each once. */
  <T> List<T> all(Class<T> kind) {
    List<@Nullable Object> parts = new ArrayList<>(sources.values());
    parts.addAll(components);
    parts.addAll(Arrays.asList(ids, deadLetters, sink));
    parts.add(discovery == null ? null : discovery.announcer());
    parts.addAll(figures);
    return parts.stream().filter(kind::isInstance).map(kind::cast).distinct().toList();
  }

  /**
   * @param workers the service workers look for
   * @param callers the service callers look for
   */
  public record Discovery(Announcer announcer, String workers, String callers) {}
}
