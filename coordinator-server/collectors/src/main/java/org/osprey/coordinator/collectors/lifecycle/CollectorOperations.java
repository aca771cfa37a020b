package org.osprey.coordinator.collectors.lifecycle;

import java.util.List;
import java.util.Optional;

/** What operators may do with collectors. Safe for use by many threads. */
public interface CollectorOperations {

  /** All that are configured, and those that only left events on disk, by name. */
  List<CollectorView> list();

  Optional<CollectorView> find(String name);

  /**
   * Has a configured collector run, until the configuration is read again. Returns before it runs.
   *
   * @throws UnknownCollectorException when none is configured under this name
   * @throws RefusedException when its kind is not known
   */
  CollectorView enable(String name);

  /** Has it stopped, likewise. What it emitted is still published. */
  CollectorView disable(String name);

  /** Has it closed and started again. */
  CollectorView restart(String name);

  /**
   * Reads the configuration again. What differs is restarted, all else is left alone; when there is
   * a mistake in it, everything stays as it is.
   *
   * @throws ReloadRunningException when another one is under way
   * @throws org.osprey.coordinator.settings.ConfigException with all mistakes
   */
  Reload reload();

  /** How often it was reloaded, and whether the last time worked. */
  ReloadStats reloads();

  /**
   * What a reload did, by name.
   *
   * @param needRestart settings that changed and apply only after a restart of the coordinator
   */
  record Reload(
      List<String> started,
      List<String> stopped,
      List<String> restarted,
      List<String> unchanged,
      List<String> needRestart,
      List<String> warnings) {

    public Reload {
      started = List.copyOf(started);
      stopped = List.copyOf(stopped);
      restarted = List.copyOf(restarted);
      unchanged = List.copyOf(unchanged);
      needRestart = List.copyOf(needRestart);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * @param configHash of what runs; the same text means the same configuration
   * @param lastFailed whether the newest one was refused
   */
  record ReloadStats(long succeeded, long failed, boolean lastFailed, String configHash) {}

  /** No collector is configured under this name. */
  final class UnknownCollectorException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public UnknownCollectorException(String message) {
      super(message);
    }
  }

  /** It cannot be done with this collector, now or at all. */
  final class RefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
      super(message);
    }
  }

  /** The configuration is being read already. */
  final class ReloadRunningException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public ReloadRunningException() {
      super("a reload is under way, try again when it is done");
    }
  }
}
