package org.osprey.coordinator.collectors.builtin.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osprey.coordinator.collector.CollectorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps where a collector is in its files. After it is closed, lines that are settled late still
 * count, until a newer collector of the same name begins: so an orderly restart repeats little.
 */
@ThreadSafe
final class Bookmarks {
  private static final Logger log = LoggerFactory.getLogger(Bookmarks.class);
  private static final long LEAST_BETWEEN_SAVES = Duration.ofMillis(100).toNanos();
  private static final int MAX_BYTES = 64 * 1024;

  private final CollectorContext context;
  private volatile List<TailedFile> files = List.of();
  private volatile boolean closed;
  private volatile boolean tooLong;

  @GuardedBy("this")
  private boolean retired;

  @GuardedBy("this")
  private String saved = "";

  @GuardedBy("this")
  private long savedAt;

  Bookmarks(CollectorContext context) {
    this.context = context;
  }

  /**
   * What was kept last, by file.
   *
   * @return nothing when it runs for the first time
   */
  Optional<Map<FileId, Bookmark>> load() {
    return context.saved().map(this::read);
  }

  /** From now on these are kept; the others are forgotten. */
  void watch(List<TailedFile> all) {
    files = List.copyOf(all);
  }

  /** Whether there are too many files to keep. */
  boolean tooLong() {
    return tooLong;
  }

  /** Saves when something changed, and the last time is a while ago. */
  synchronized void saveWhenDue() {
    if (context.nanos() - savedAt >= LEAST_BETWEEN_SAVES) {
      save();
    }
  }

  synchronized void save() {
    if (retired) {
      return;
    }
    String text = BookmarkText.write(files.stream().map(TailedFile::bookmark).toList());
    if (text.equals(saved)) {
      return;
    }
    tooLong = text.getBytes(UTF_8).length > MAX_BYTES;
    if (!tooLong) {
      context.save(text);
      saved = text;
      savedAt = context.nanos();
    }
  }

  /** A line was settled. */
  void moved() {
    if (!closed) {
      return; // the next poll saves it
    }
    if (files.stream().allMatch(TailedFile::idle)) {
      save();
    } else {
      saveWhenDue();
    }
  }

  void close() {
    closed = true;
    save();
  }

  /** Another collector has the say. */
  synchronized void retire() {
    retired = true;
  }

  private Map<FileId, Bookmark> read(String text) {
    Map<FileId, Bookmark> bookmarks = new HashMap<>();
    try {
      BookmarkText.read(text).forEach(one -> bookmarks.put(one.id(), one));
    } catch (IllegalArgumentException e) {
      log.warn(
          "positions cannot be read, all files are read from their beginning: collector={}",
          context.name());
    }
    return bookmarks;
  }
}
