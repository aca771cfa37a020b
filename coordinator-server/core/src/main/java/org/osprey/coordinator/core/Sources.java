package org.osprey.coordinator.core;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The sources of one coordinator, steered by name. */
@ThreadSafe
public final class Sources implements AutoCloseable {
  private final Map<String, Source> sources;

  /** Whom an operator paused. */
  @GuardedBy("this")
  private final Set<String> paused = new TreeSet<>();

  @GuardedBy("this")
  private boolean draining;

  /**
   * @param paused by an operator, not because the queue is full
   */
  public record Status(String name, boolean paused, Check check) {}

  /**
   * @param sources by the name operators know them by, in the order of their start
   */
  public Sources(Map<String, ? extends Source> sources) {
    this.sources = new LinkedHashMap<>(sources);
  }

  public void start(Intake intake) {
    sources.values().forEach(source -> source.start(intake));
  }

  /** How each of them is, in their order. */
  public List<Status> list() {
    List<Status> list = new ArrayList<>();
    sources.forEach((name, source) -> list.add(new Status(name, isPaused(name), source.check())));
    return list;
  }

  /** How far each of them is, by name, in their order. */
  public Map<String, SourceProgress> progress() {
    Map<String, SourceProgress> progress = new LinkedHashMap<>();
    sources.forEach((name, source) -> progress.put(name, source.progress()));
    return progress;
  }

  /**
   * The source offers nothing until {@link #resume}; what it offered goes on. May be repeated.
   *
   * @throws IllegalArgumentException naming the sources there are when this is none of them
   */
  public synchronized void pause(String name) {
    source(name).setPaused(true);
    paused.add(name);
  }

  /**
   * May be repeated.
   *
   * @throws IllegalArgumentException naming the sources there are when this is none of them
   * @throws IllegalStateException when the coordinator is going away
   */
  public synchronized void resume(String name) {
    Source source = source(name);
    if (draining) {
      throw new IllegalStateException("the coordinator is draining: no source can go on");
    }
    source.setPaused(false);
    paused.remove(name);
  }

  /** Pauses all of them for good. */
  public synchronized void drain() {
    draining = true;
    sources.values().forEach(source -> source.setPaused(true));
  }

  /** Closes all of them at the same time, because each may take its while. */
  @Override
  public void close() {
    List<Thread> closing =
        sources.entrySet().stream()
            .map(entry -> closing(entry.getKey(), entry.getValue()))
            .toList();
    for (Thread thread : closing) {
      join(thread);
    }
  }

  private static Thread closing(String name, Source source) {
    return Thread.ofPlatform().name("close-" + name).start(source::close);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isPaused(String name) {
    return paused.contains(name);
  }

  private Source source(String name) {
    Source source = sources.get(name);
    if (source == null) {
      throw new IllegalArgumentException(
          "no source is called %s; there are %s".formatted(name, sources.keySet()));
    }
    return source;
  }
}
