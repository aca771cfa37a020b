package org.osprey.coordinator.app.config;

import java.util.List;
import java.util.Map;
import org.osprey.coordinator.core.DispatcherSettings;

/**
 * Every setting of a coordinator. What each means, with its default, is in
 * coordinator-default.yaml.
 *
 * @param sources without {@link SourceType#NONE}, each once; empty means callers only
 */
public record CoordinatorConfig(
    @Variable("OSPREY_COORDINATOR_CONSUMER_TYPE") List<SourceType> sources,
    RpcConfig rpc,
    QueueConfig queue,
    LeasesConfig leases,
    RetriesConfig retries,
    WorkersConfig workers,
    KafkaConfig kafka,
    SnowflakeConfig snowflake,
    ActionsConfig actions,
    ShutdownConfig shutdown) {

  public CoordinatorConfig {
    Rules rules = new Rules();
    for (SourceType source : sources) {
      rules.that(source.builtIn(), source, "none or kafka: this build has no other", "sources");
    }
    rules.check();
    sources = sources.stream().filter(type -> type != SourceType.NONE).distinct().toList();
  }

  /** What applies when nothing is set. */
  public static CoordinatorConfig defaults() {
    return ConfigLoader.load(Map.of()).config();
  }

  public boolean reads(SourceType source) {
    return sources.contains(source);
  }

  public DispatcherSettings dispatcherSettings() {
    return new DispatcherSettings(
        queue.sync().bounds(),
        queue.async().bounds(),
        leases.settings(),
        retries.settings(),
        queue.agedAfter(),
        queue.agedShare(),
        workers.idleStream());
  }
}
