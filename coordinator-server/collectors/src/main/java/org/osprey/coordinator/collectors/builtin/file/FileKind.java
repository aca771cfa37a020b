package org.osprey.coordinator.collectors.builtin.file;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collectors.builtin.Wants;

/** Follows files: each line that is added is an event. */
public final class FileKind implements CollectorKind<FileConfig> {

  /** The newest of each name: only that one may say where it is. */
  private final Map<String, Bookmarks> newest = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return "file";
  }

  @Override
  public FileConfig defaults() {
    return FileConfig.DEFAULTS;
  }

  @Override
  public Collector create(FileConfig config, CollectorContext context) {
    new Wants()
        .that(!config.paths().isEmpty(), "paths", config.paths(), "at least one path")
        .check();
    return new FileCollector(config, context, this::replace);
  }

  private void replace(String name, Bookmarks bookmarks) {
    Bookmarks before = newest.put(name, bookmarks);
    if (before != null) {
      before.retire();
    }
  }
}
