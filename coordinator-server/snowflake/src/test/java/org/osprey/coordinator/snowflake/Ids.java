package org.osprey.coordinator.snowflake;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.osprey.coordinator.core.IdGenerator;

/** Takes many ids and looks whether they differ. */
final class Ids {

  private Ids() {}

  static long[] take(IdGenerator generator, int threads, int each)
      throws InterruptedException, ExecutionException {
    long[] all = new long[threads * each];
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> takers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int from = i * each;
        takers.add(executor.submit(() -> fill(generator, all, from, each)));
      }
      for (Future<?> taker : takers) {
        taker.get();
      }
    }
    return all;
  }

  static void assertAllDiffer(long[] ids) {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] == sorted[i - 1]) {
        throw new AssertionError("twice: " + Long.toUnsignedString(sorted[i]));
      }
    }
    assertTrue(sorted.length > 0);
  }

  private static void fill(IdGenerator generator, long[] ids, int from, int count) {
    for (int i = from; i < from + count; i++) {
      ids[i] = generator.next();
    }
  }
}
