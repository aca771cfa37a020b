package org.osprey.coordinator.collectors.builtin.kernel;

import java.io.File;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/**
 * The processes there are, compared with those of the last poll. One that lives for two polls is
 * seen; one that lives shorter may not be. Those that are there at the first poll are not told of.
 *
 * <p>A process is its pid and when it started, because pids are used again. Of very many processes
 * only a part is looked at so closely at each poll, the others only by pid. Belongs to the thread
 * of its polls, but for {@link #count}.
 */
final class Processes {
  /** Processes whose start is compared at one poll. */
  private static final int COMPARED_AT_ONCE = 512;

  /** Of the kernel's interface, on every machine. */
  private static final long TICKS_PER_SECOND = 100;

  private static final int MAX_COMMAND_LINE = 1_024;

  private final File root;
  private final KernelConfig config;
  private final CollectorContext context;
  private final ProcReader reader = new ProcReader();
  private final Map<String, Known> known = new HashMap<>();
  private long booted;
  private long polls;
  private volatile int count;

  Processes(File root, KernelConfig config, CollectorContext context) {
    this.root = root;
    this.config = config;
    this.context = context;
  }

  /**
   * @throws IOException when this is not the {@code /proc} of a Linux
   */
  void open() throws IOException {
    if (!reader.read(new File(root, "stat"))) {
      throw new IOException(
          "proc_root: want the /proc of a Linux, got %s, where stat cannot be read"
              .formatted(root));
    }
    for (String line : reader.text().lines().toList()) {
      if (line.startsWith("btime ")) {
        booted = Long.parseLong(line.substring("btime ".length()).strip());
      }
    }
  }

  /** Processes at the last poll. */
  int count() {
    return count;
  }

  void poll(Emitter emitter) throws IOException, InterruptedException {
    String[] names = root.list();
    if (names == null) {
      throw new IOException("proc_root: cannot list " + root);
    }
    polls++;
    List<Known> ended = new ArrayList<>();
    List<Known> started = new ArrayList<>();
    int part = known.size() / COMPARED_AT_ONCE + 1;
    for (String name : names) {
      if (isPid(name)) {
        look(name, part, started, ended);
      }
    }
    sweep(ended);
    count = known.size();
    for (Known process : ended) {
      emitExit(emitter, process);
    }
    if (polls > 1) {
      for (Known process : started) {
        emitStart(emitter, process);
      }
    }
  }

  private void look(String pid, int parts, List<Known> started, List<Known> ended) {
    Known before = known.get(pid);
    if (before != null && (pid.hashCode() + polls) % parts != 0) {
      before.seen = polls;
      return;
    }
    ProcessStat stat = read(pid);
    if (stat == null || stat.dead()) {
      return;
    }
    if (before != null && before.start == stat.start()) {
      before.seen = polls;
      return;
    }
    if (before != null) {
      ended.add(before);
    }
    Known process =
        new Known(pid, stat.parent(), stat.start(), stat.name(), stat.kernelThread(), polls);
    known.put(pid, process);
    started.add(process);
  }

  private @Nullable ProcessStat read(String pid) {
    return reader.read(new File(new File(root, pid), "stat")) ? ProcessStat.of(reader) : null;
  }

  private void sweep(List<Known> ended) {
    for (Iterator<Known> all = known.values().iterator(); all.hasNext(); ) {
      Known process = all.next();
      if (process.seen != polls) {
        all.remove();
        ended.add(process);
      }
    }
  }

  private void emitStart(Emitter emitter, Known process) throws InterruptedException {
    if (!told(process)) {
      return;
    }
    Map<String, String> attributes = attributes(process);
    attributes.put("ppid", Long.toString(process.parent));
    String user = user(process.pid);
    if (user != null) {
      process.user = user;
      attributes.put("uid", user);
    }
    if (config.commandLines()) {
      attributes.put("command_line", commandLine(process.pid));
    }
    emit(emitter, "kernel.process_started", attributes);
  }

  private void emitExit(Emitter emitter, Known process) throws InterruptedException {
    if (!told(process)) {
      return;
    }
    Map<String, String> attributes = attributes(process);
    if (process.user != null) {
      attributes.put("uid", process.user);
    }
    emit(emitter, "kernel.process_exited", attributes);
  }

  private boolean told(Known process) {
    return config.kernelThreads() || !process.kernelThread;
  }

  private Map<String, String> attributes(Known process) {
    Instant start =
        Instant.ofEpochSecond(booted).plusMillis(process.start * 1_000 / TICKS_PER_SECOND);
    Map<String, String> attributes = new HashMap<>();
    attributes.put("pid", process.pid);
    attributes.put("name", process.name);
    attributes.put("started", start.toString());
    return attributes;
  }

  private void emit(Emitter emitter, String type, Map<String, String> attributes)
      throws InterruptedException {
    emitter.emit(
        new Event(type, Severity.INFO, context.clock().instant(), attributes, Payload.NONE));
  }

  /** Null when the process is gone meanwhile. */
  private @Nullable String user(String pid) {
    if (!reader.read(new File(new File(root, pid), "status"))) {
      return null;
    }
    return reader
        .text()
        .lines()
        .filter(line -> line.startsWith("Uid:"))
        .map(line -> line.split("\\s+", 3)[1])
        .findFirst()
        .orElse(null);
  }

  /** Arguments with blanks between them; empty when the process is gone meanwhile. */
  private String commandLine(String pid) {
    if (!reader.read(new File(new File(root, pid), "cmdline"))) {
      return "";
    }
    String line = reader.text().replace('\0', ' ').strip();
    return line.length() > MAX_COMMAND_LINE ? line.substring(0, MAX_COMMAND_LINE) : line;
  }

  private static boolean isPid(String name) {
    char first = name.charAt(0);
    return first >= '1' && first <= '9';
  }

  /** A process that was there at the last poll. */
  private static final class Known {
    final String pid;
    final long parent;
    final long start;
    final String name;
    final boolean kernelThread;
    @Nullable String user;
    long seen;

    Known(String pid, long parent, long start, String name, boolean kernelThread, long seen) {
      this.pid = pid;
      this.parent = parent;
      this.start = start;
      this.name = name;
      this.kernelThread = kernelThread;
      this.seen = seen;
    }
  }
}
