package org.osprey.coordinator.collectors.lifecycle;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collectors.config.CollectorConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The supervisors by the names of their collectors. One whose collector is configured no more
 * stays, so that no second one ever works under its name.
 */
@ThreadSafe
@SuppressWarnings("ThreadSafe") // what it holds is safe for use by many
final class Fleet {
  private static final Logger log = LoggerFactory.getLogger(Fleet.class);

  private final Surroundings around;
  private final ConcurrentSkipListMap<String, Supervisor> supervisors =
      new ConcurrentSkipListMap<>();

  Fleet(Surroundings around, Collection<CollectorConfig> configured) {
    this.around = around;
    configured.forEach(this::add);
  }

  void add(CollectorConfig config) {
    supervisors.put(config.name(), new Supervisor(config, around));
    around.wake().run();
  }

  @Nullable Supervisor find(String name) {
    return supervisors.get(name);
  }

  Collection<Supervisor> supervisors() {
    return List.copyOf(supervisors.values());
  }

  /** Of those that are configured. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(supervisors.keySet());
    names.removeIf(name -> !isConfigured(supervisors.get(name)));
    return names;
  }

  private static boolean isConfigured(@Nullable Supervisor supervisor) {
    return supervisor != null && supervisor.wanted().configured();
  }

  /** By the loop alone. One that fails does not keep it from the others. */
  void turn() {
    for (Supervisor supervisor : supervisors()) {
      try {
        supervisor.turn();
      } catch (RuntimeException e) {
        log.error("could not be supervised: collector={}", name(supervisor), e);
      }
    }
  }

  private static String name(Supervisor supervisor) {
    return supervisor.wanted().config().name();
  }
}
