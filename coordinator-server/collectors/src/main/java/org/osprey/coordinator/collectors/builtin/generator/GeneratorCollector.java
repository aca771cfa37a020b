package org.osprey.coordinator.collectors.builtin.generator;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/** Its threads emit the same body again and again. They end when it is closed. */
final class GeneratorCollector implements Collector {
  private static final String TYPE = "generator.tick";

  /** Events between two looks at whether it is closed, and at the time. */
  private static final long BATCH = 256;

  /** Nanoseconds; waiting shorter would cost more than the events. */
  private static final long SHORTEST_WAIT = 200_000;

  private final GeneratorConfig config;
  private final CollectorContext context;
  private final Payload payload;
  private final Thread[] threads;
  private final LongAdder emitted = new LongAdder();
  private volatile boolean closed;

  GeneratorCollector(GeneratorConfig config, CollectorContext context) {
    this.config = config;
    this.context = context;
    this.payload = payload(config.size());
    this.threads = new Thread[config.threads()];
  }

  @Override
  public void start(Emitter emitter) {
    for (int i = 0; i < threads.length; i++) {
      long count = config.count() == 0 ? Long.MAX_VALUE : config.countOf(i);
      Map<String, String> attributes = Map.of("thread", Integer.toString(i));
      threads[i] = new Thread(() -> run(emitter, count, attributes), context.name() + "-" + i);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  @Override
  public Health health() {
    long sum = emitted.sum();
    boolean done = config.count() > 0 && sum >= config.count();
    return Health.ok("emitted %d events%s".formatted(sum, done ? ", all it was to" : ""));
  }

  @Override
  public void close() {
    closed = true;
    for (Thread thread : threads) {
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  private void run(Emitter emitter, long count, Map<String, String> attributes) {
    try {
      if (config.rate() == 0) {
        emitFreely(emitter, count, attributes);
      } else {
        emitPaced(emitter, count, attributes);
      }
    } catch (InterruptedException | Emitter.ClosedException e) {
      if (!closed) {
        context.failed(e);
      }
    } catch (RuntimeException | Error e) {
      context.failed(e);
    }
  }

  private void emitFreely(Emitter emitter, long count, Map<String, String> attributes)
      throws InterruptedException {
    for (long left = count; left > 0 && !closed; left -= BATCH) {
      emit(emitter, Math.min(left, BATCH), attributes);
    }
  }

  private void emitPaced(Emitter emitter, long count, Map<String, String> attributes)
      throws InterruptedException {
    double rate = (double) config.rate() / config.threads();
    Pace pace = new Pace(rate, config.burst(), context.nanos());
    long left = count;
    while (left > 0 && !closed) {
      long due = Math.min(pace.take(context.nanos()), left);
      left -= due;
      while (due > 0 && !closed) {
        long batch = Math.min(due, BATCH);
        emit(emitter, batch, attributes);
        due -= batch;
      }
      long wait = pace.untilNext(context.nanos());
      if (left > 0 && wait > 0 && !closed) {
        LockSupport.parkNanos(this, Math.max(wait, SHORTEST_WAIT));
      }
    }
  }

  private void emit(Emitter emitter, long events, Map<String, String> attributes)
      throws InterruptedException {
    for (long i = 0; i < events; i++) {
      emitter.emit(new Event(TYPE, Severity.INFO, context.clock().instant(), attributes, payload));
      // counted one by one: a batch may wait in the middle for minutes
      emitted.increment();
    }
  }

  /** A JSON text of just so many bytes. */
  private static Payload payload(int size) {
    if (size == 0) {
      return Payload.NONE;
    }
    char[] text = new char[size];
    Arrays.fill(text, 'x');
    text[0] = '"';
    text[size - 1] = '"';
    return Payload.json(new String(text).getBytes(US_ASCII));
  }
}
