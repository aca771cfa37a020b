package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collectors.builtin.Troubles;

/** Reads what was added since the last poll. */
final class FileCollector implements Collector {

  /** Between two looks at which files there are. */
  static final Duration DISCOVERY = Duration.ofSeconds(1);

  /** After which a poll ends though there is more, to look at which files there are. */
  private static final long LONGEST_POLL = Duration.ofSeconds(1).toNanos();

  private final FileConfig config;
  private final CollectorContext context;
  private final BiConsumer<String, Bookmarks> newest;
  private final Bookmarks bookmarks;
  private final Troubles troubles;
  private final Following following;
  private boolean discovered;
  private long discoveredAt;

  /**
   * @param newest told the bookmarks that count from its start on
   */
  FileCollector(FileConfig config, CollectorContext context, BiConsumer<String, Bookmarks> newest) {
    this.config = config;
    this.context = context;
    this.newest = newest;
    this.bookmarks = new Bookmarks(context);
    this.troubles = new Troubles("file", context);
    this.following = new Following(config, context, bookmarks, troubles);
  }

  @Override
  public void start(Emitter emitter) {
    newest.accept(context.name(), bookmarks);
    context.every(config.pollInterval(), () -> poll(emitter));
  }

  @Override
  public Health health() {
    if (following.tooMany() > 0) {
      return Health.failed(
          "max_files: %d files more match than the %d that are read"
              .formatted(following.tooMany(), config.maxFiles()));
    }
    if (bookmarks.tooLong()) {
      return Health.failed("the positions of so many files cannot be kept, want fewer of them");
    }
    return troubles.health("follows %d files".formatted(following.count()));
  }

  @Override
  public void close() {
    bookmarks.close();
    following.close();
  }

  private void poll(Emitter emitter) throws IOException, InterruptedException {
    long begun = context.nanos();
    if (!discovered || begun - discoveredAt >= DISCOVERY.toNanos()) {
      following.discover(emitter);
      discovered = true;
      discoveredAt = begun;
    }
    while (following.read(emitter) && context.nanos() - begun < LONGEST_POLL) {
      bookmarks.saveWhenDue();
    }
    following.letGo(emitter);
    bookmarks.saveWhenDue();
  }
}
