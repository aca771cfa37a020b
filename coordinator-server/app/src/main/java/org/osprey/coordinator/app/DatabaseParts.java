package org.osprey.coordinator.app;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.DatabaseConfig;
import org.osprey.coordinator.app.config.ServiceConfig;
import org.osprey.coordinator.app.config.SubmissionsConfig;
import org.osprey.coordinator.app.config.TasksConfig;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Share;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.database.Database;
import org.osprey.coordinator.database.DatabaseDeadLetters;
import org.osprey.coordinator.database.DatabaseSettings;
import org.osprey.coordinator.database.DatabaseSource;
import org.osprey.coordinator.database.SubmissionSettings;
import org.osprey.coordinator.replicasets.MemberShare;
import org.osprey.coordinator.tasks.ServiceSettings;
import org.osprey.coordinator.tasks.ServiceSettings.Destination;
import org.osprey.coordinator.tasks.TaskSettings;
import org.osprey.coordinator.tasks.TaskTopic;
import org.osprey.coordinator.tasks.Tasks;

/** The database, which adds itself to the components, and what is kept in it. */
final class DatabaseParts {
  /** Also how often it looks for dead ones: this and the next together bound a take-over. */
  private static final Duration TASK_HEARTBEAT = Duration.ofSeconds(1);

  private static final Duration TASK_DEAD_AFTER = Duration.ofSeconds(14);

  private static final Duration SHARE_HEARTBEAT = Duration.ofSeconds(2);

  /** The sweeps of a coordinator that died rest a little longer than this. */
  private static final Duration SHARE_STALE = Duration.ofSeconds(8);

  private final Ticker ticker;
  private final Database database;
  private final List<Component> components;

  /**
   * @param wanted features of others that have tables in it
   */
  DatabaseParts(
      DatabaseConfig config, List<String> wanted, Ticker ticker, List<Component> components) {
    this.ticker = ticker;
    this.components = components;
    List<String> features =
        new ArrayList<>(List.of(DatabaseDeadLetters.FEATURE, DatabaseSource.FEATURE));
    features.addAll(wanted);
    database = new Database(settings(config), features, ticker, new Random());
    components.add(database);
  }

  Database database() {
    return database;
  }

  DeadLetters deadLetters() {
    return new DatabaseDeadLetters(database, InstantSource.system());
  }

  DatabaseSource source(SubmissionsConfig config, DeadLetters deadLetters) {
    SubmissionSettings settings =
        new SubmissionSettings(
            config.maxStored(),
            config.maxInFlight(),
            config.maxInFlightBytes().bytes(),
            config.claim(),
            Composition.CLOSE_TIMEOUT);
    return new DatabaseSource(database, settings, deadLetters, ticker);
  }

  /**
   * Adds itself to the components.
   *
   * @param topic where tasks go through, or null
   */
  Tasks tasks(TasksConfig config, @Nullable TaskTopic topic) {
    List<ServiceSettings> services = new ArrayList<>();
    config.services().forEach((name, service) -> services.add(service(name, service)));
    TaskSettings settings =
        new TaskSettings(
            services,
            config.directTimeout(),
            TASK_HEARTBEAT,
            TASK_DEAD_AFTER,
            config.retention(),
            Set.copyOf(config.redact()));
    Tasks tasks = new Tasks(settings, database, ticker, new Random(), share(), topic);
    components.add(tasks);
    return tasks;
  }

  /** Adds itself to the components, where there is somebody to share with. */
  private Share share() {
    if (!database.isShared()) {
      return Share.ALL;
    }
    // For operators, who see it among the members of a replica set.
    String instance = ManagementFactory.getRuntimeMXBean().getName() + "-" + UUID.randomUUID();
    MemberShare share = new MemberShare(database, instance, SHARE_HEARTBEAT, SHARE_STALE, ticker);
    components.add(share);
    return share;
  }

  private static ServiceSettings service(String name, ServiceConfig config) {
    return new ServiceSettings(
        name,
        config.pool().isBlank()
            ? new Destination.Http(config.address(name))
            : new Destination.Pool(config.pool()),
        switch (config.batch()) {
          case ALL -> ServiceSettings.Batch.ALL;
          case ITEM -> ServiceSettings.Batch.ITEM;
        },
        config.timeout(),
        config.retries(),
        config.backoff(),
        config.maxBackoff(),
        config.totalTimeout(),
        config.concurrency(),
        config.rate(),
        config.repeatUnknown());
  }

  private static DatabaseSettings settings(DatabaseConfig config) {
    return new DatabaseSettings(
        config.url(),
        Path.of(config.file()),
        config.user(),
        config.password(),
        config.poolSize(),
        config.busyTimeout(),
        config.queueSize(),
        config.maxBatch(),
        config.writeTimeout(),
        Composition.CLOSE_TIMEOUT);
  }
}
