package org.osprey.coordinator.snowflake;

import com.google.errorprone.annotations.ThreadSafe;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Measured;

/**
 * Snowflake ids made in this process: 41 bits of milliseconds, 5 of data centre, 5 of worker, 12 of
 * sequence. It never blocks: when the clock goes back, or the 4096 ids of a millisecond are used
 * up, it goes on in the milliseconds after the last one it used.
 *
 * <p>Ids are unique while no other generator has the same data centre and worker, and while the
 * clock of a restarted process is past the last millisecond that was used.
 */
@ThreadSafe
public final class LocalIds implements IdGenerator, Measured {

  /** Kept free of every snowflake service, so that ids made here never meet one of its own. */
  public static final int RESERVED = 31;

  /**
   * 2015-01-01T00:00:00Z in milliseconds. What the snowflake service counts from is nowhere
   * written; this is the epoch that common tools for such ids assume, and it lasts until 2084.
   */
  public static final long EPOCH = 1_420_070_400_000L;

  static final String GENERATED = "ids_generated";
  static final String GENERATED_HELP = "Ids that were made for actions, by who made them.";

  private static final int SEQUENCE_BITS = 12;
  private static final int NODE_BITS = 10;
  private static final long SEQUENCES = (1L << SEQUENCE_BITS) - 1;
  private static final long NODES = (1L << NODE_BITS) - 1;

  private final LongSupplier millis;
  private final long node;

  /** Milliseconds and sequence of the last id as one number: counting on carries into the next. */
  private final AtomicLong last = new AtomicLong();

  private final LongAdder made = new LongAdder();

  /**
   * @param millis wall-clock time since 1970
   * @param dataCenterId 0 to 31
   * @param workerId 0 to 31, unique within the data centre
   */
  public LocalIds(LongSupplier millis, int dataCenterId, int workerId) {
    this.millis = millis;
    node = fiveBits("dataCenterId", dataCenterId) * 32L + fiveBits("workerId", workerId);
  }

  /** With the system's clock and the reserved data centre and worker: for one coordinator. */
  public static LocalIds reserved() {
    return new LocalIds(System::currentTimeMillis, RESERVED, RESERVED);
  }

  @Override
  public long next() {
    long now = (millis.getAsLong() - EPOCH) << SEQUENCE_BITS;
    long previous;
    long next;
    do {
      previous = last.get();
      next = Math.max(previous + 1, now);
    } while (!last.compareAndSet(previous, next));
    made.increment();
    return id(next);
  }

  @Override
  public void tell(Figures figures) {
    figures.counter(GENERATED, GENERATED_HELP, made.sum(), "source", "local");
  }

  /** Whether an id carries the data centre and worker of this generator. */
  boolean owns(long id) {
    return ((id >>> SEQUENCE_BITS) & NODES) == node;
  }

  private long id(long position) {
    long time = position >>> SEQUENCE_BITS;
    long sequence = position & SEQUENCES;
    return (time << (NODE_BITS + SEQUENCE_BITS)) | (node << SEQUENCE_BITS) | sequence;
  }

  private static int fiveBits(String name, int value) {
    if (value < 0 || value > 31) {
      throw new IllegalArgumentException("%s must be 0 to 31, got %d".formatted(name, value));
    }
    return value;
  }
}
