package org.osprey.coordinator.app;

import java.util.ArrayList;
import java.util.List;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.LoadedConfig;
import org.osprey.coordinator.app.config.SourceType;

/**
 * What a coordinator says of itself when it starts: what it takes actions from, where ids come
 * from, and which settings somebody changed.
 */
record StartReport(List<String> lines) {

  static StartReport of(LoadedConfig loaded) {
    CoordinatorConfig config = loaded.config();
    List<String> lines = new ArrayList<>();
    lines.add(
        "starting: version=%s java=%s processors=%d heap_mb=%d"
            .formatted(
                version(),
                Runtime.version().feature(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory() >> 20));
    lines.add("sources: " + sources(config));
    lines.add("ids: " + ids(config));
    loaded.changes().forEach(change -> lines.add("setting: " + change));
    return new StartReport(List.copyOf(lines));
  }

  private static String sources(CoordinatorConfig config) {
    if (!config.reads(SourceType.KAFKA)) {
      return "none, callers only";
    }
    return "kafka bootstrap_servers=%s topic=%s group_id=%s dead_letter_topic=%s"
        .formatted(
            config.kafka().bootstrapServers(),
            config.kafka().topic(),
            config.kafka().groupId(),
            config.kafka().deadLetterTopic());
  }

  private static String ids(CoordinatorConfig config) {
    String endpoint = config.snowflake().endpoint();
    return endpoint.isEmpty() ? "made here" : "from " + endpoint;
  }

  private static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
