package org.osprey.coordinator.collectors.builtin.file;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collectors.builtin.Troubles;

/**
 * The files that are followed. A file that lost its name to a new one is read to its end before the
 * new one is begun, and a while longer, because who writes it may not know yet.
 *
 * <p>Belongs to the thread of the polls, but for {@link #close} and the counts.
 */
final class Following {
  static final Duration LINGER = Duration.ofSeconds(5);

  private static final int SMALLEST_BUFFER = 128 * 1024;

  private final FileConfig config;
  private final CollectorContext context;
  private final Bookmarks bookmarks;
  private final Troubles troubles;
  private final byte[] buffer;
  private volatile List<Entry> entries = List.of();
  private volatile int tooMany;
  private @Nullable Map<FileId, Bookmark> left;
  private boolean firstRun;

  Following(FileConfig config, CollectorContext context, Bookmarks bookmarks, Troubles troubles) {
    this.config = config;
    this.context = context;
    this.bookmarks = bookmarks;
    this.troubles = troubles;
    this.buffer = new byte[Math.max(SMALLEST_BUFFER, 2 * config.maxLine())];
  }

  int count() {
    return entries.size();
  }

  /** Files that match and are not read, because so many are. */
  int tooMany() {
    return tooMany;
  }

  /** Looks which files there are. */
  void discover(Emitter emitter) throws IOException, InterruptedException {
    Map<FileId, FileId.Found> present = new LinkedHashMap<>();
    for (Path path : Globs.find(config.paths())) {
      FileId.Found found = find(path, emitter);
      if (found != null) {
        present.putIfAbsent(found.id(), found);
      }
    }
    List<Entry> all = new ArrayList<>(entries);
    Map<Path, Entry> before = new HashMap<>();
    for (Entry entry : all) {
      before.put(entry.file.path(), entry);
      entry.see(present.remove(entry.file.id()), context.nanos());
    }
    boolean first = left == null;
    List<Entry> rests = first ? openRests(present, emitter) : List.of();
    all.addAll(rests);
    openNew(present, before, rests, all, emitter);
    entries = List.copyOf(all);
    bookmarks.watch(entries.stream().map(entry -> entry.file).toList());
    if (first) {
      left = Map.of();
      firstRun = false;
      // so that what appears before the first line is settled is known to be new
      bookmarks.save();
    }
  }

  /**
   * Reads each file as far as one buffer reaches.
   *
   * @return whether there is more to read
   */
  boolean read(Emitter emitter) throws IOException, InterruptedException {
    boolean more = false;
    for (Entry entry : entries) {
      if (entry.mayRead()) {
        more |= read(entry, emitter);
      }
    }
    return more;
  }

  /** Lets go of files that have no name any more and are at their end. */
  void letGo(Emitter emitter) throws IOException, InterruptedException {
    List<Entry> kept = new ArrayList<>(entries);
    for (Entry entry : entries) {
      if (!entry.finished && entry.lingered(context.nanos())) {
        entry.file.finish(buffer, emitter);
        entry.file.close();
        entry.finished = true;
      }
      if (entry.finished && entry.file.idle()) {
        kept.remove(entry);
        troubles.forget(entry.file.path().toString());
      }
    }
    if (kept.size() < entries.size()) {
      entries = List.copyOf(kept);
      bookmarks.watch(entries.stream().map(entry -> entry.file).toList());
    }
  }

  void close() {
    for (Entry entry : entries) {
      try {
        entry.file.close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }

  private boolean read(Entry entry, Emitter emitter) throws IOException, InterruptedException {
    String path = entry.file.path().toString();
    try {
      boolean more = entry.file.read(buffer, emitter);
      troubles.worked(emitter, path, Map.of("path", path));
      return more;
    } catch (ClosedChannelException e) {
      throw e; // by close
    } catch (IOException e) {
      failed(emitter, path, e);
      return false;
    }
  }

  private FileId.@Nullable Found find(Path path, Emitter emitter) throws InterruptedException {
    try {
      return FileId.find(path);
    } catch (IOException e) {
      failed(emitter, path.toString(), e);
      return null;
    }
  }

  /** Files that an earlier process had not finished, and that have another name by now. */
  private List<Entry> openRests(Map<FileId, FileId.Found> present, Emitter emitter)
      throws InterruptedException {
    Map<FileId, Bookmark> known = bookmarks.load().orElse(null);
    firstRun = known == null;
    left = known == null ? Map.of() : known;
    List<Entry> rests = new ArrayList<>();
    for (Bookmark bookmark : left.values()) {
      if (!present.containsKey(bookmark.id())) {
        FileId.Found found = Siblings.find(bookmark);
        TailedFile file = found == null ? null : open(found, emitter);
        if (file != null) {
          Entry entry = new Entry(file, null);
          entry.see(null, context.nanos());
          rests.add(entry);
        }
      }
    }
    return rests;
  }

  private void openNew(
      Map<FileId, FileId.Found> found,
      Map<Path, Entry> before,
      List<Entry> rests,
      List<Entry> all,
      Emitter emitter)
      throws InterruptedException {
    List<FileId.Found> oldestFirst =
        found.values().stream().sorted(Comparator.comparingLong(FileId.Found::modified)).toList();
    int ignored = 0;
    for (FileId.Found one : oldestFirst) {
      if (all.size() >= config.maxFiles()) {
        ignored++;
        continue;
      }
      TailedFile file = open(one, emitter);
      if (file != null) {
        Entry previous = before.get(one.path());
        all.add(new Entry(file, previous == null ? restBefore(one, rests) : previous));
      }
    }
    tooMany = ignored;
  }

  private static @Nullable Entry restBefore(FileId.Found found, List<Entry> rests) {
    Path directory = found.path().getParent();
    for (Entry rest : rests) {
      if (directory != null && directory.equals(rest.file.path().getParent())) {
        return rest;
      }
    }
    return null;
  }

  private @Nullable TailedFile open(FileId.Found found, Emitter emitter)
      throws InterruptedException {
    String path = found.path().toString();
    try {
      Bookmark bookmark = left == null ? null : left.get(found.id());
      boolean fromEnd = firstRun && config.from() == From.END;
      TailedFile file =
          TailedFile.open(
              found, bookmark, fromEnd, config.maxLine(), context.clock(), bookmarks::moved);
      troubles.worked(emitter, path, Map.of("path", path));
      return file;
    } catch (IOException e) {
      failed(emitter, path, e);
      return null;
    }
  }

  private void failed(Emitter emitter, String path, IOException why) throws InterruptedException {
    String reason = "cannot be read: " + why.getClass().getSimpleName();
    troubles.failed(emitter, path, reason, Map.of("path", path));
  }

  /** A file, and what it waits for. */
  private static final class Entry {
    final TailedFile file;
    @Nullable Entry after;
    boolean finished;
    private boolean nameless;
    private long namelessSince;

    /**
     * @param after what has to be read to its end first
     */
    Entry(TailedFile file, @Nullable Entry after) {
      this.file = file;
      this.after = after;
      if (after != null) {
        after.file.lookAgain();
      }
    }

    /**
     * @param found null when no name that matches leads to it
     */
    void see(FileId.@Nullable Found found, long now) {
      if (found == null && !nameless) {
        nameless = true;
        namelessSince = now;
      } else if (found != null) {
        nameless = false;
        file.renamed(found.path());
      }
    }

    boolean mayRead() {
      if (after != null && (after.finished || after.file.atEnd())) {
        after = null;
      }
      return after == null && !finished;
    }

    boolean lingered(long now) {
      return nameless && file.atEnd() && now - namelessSince >= LINGER.toNanos();
    }
  }
}
