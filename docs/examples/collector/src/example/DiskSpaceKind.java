package example;

import java.io.File;
import java.time.Duration;
import java.util.Map;
import org.osprey.coordinator.collector.*;

/** Tells how much of a disk is free. */
public final class DiskSpaceKind implements CollectorKind<DiskSpaceKind.Config> {

  public record Config(String path, Duration interval, int warnBelowPercent) {}

  public String name() {
    return "disk-space";
  }

  public Config defaults() {
    return new Config("/", Duration.ofMinutes(1), 10);
  }

  public Collector create(Config config, CollectorContext context) {
    File disk = new File(config.path());
    return new Collector() {
      public void start(Emitter emitter) {
        context.every(config.interval(), () -> {
          long percent = disk.getUsableSpace() * 100 / Math.max(1, disk.getTotalSpace());
          boolean low = percent < config.warnBelowPercent();
          emitter.emit(new Event("disk.space", low ? Severity.WARNING : Severity.INFO,
              context.clock().instant(), Map.of("path", config.path()),
              Payload.text(percent + " % free")));
        });
      }

      public void close() {}
    };
  }
}
