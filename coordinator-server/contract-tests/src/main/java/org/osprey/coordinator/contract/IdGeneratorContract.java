package org.osprey.coordinator.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.IdGenerator;

/** What every id generator promises. */
public interface IdGeneratorContract {
  int THREADS = 4;
  int IDS_PER_THREAD = 50_000;

  /** Ready to be used; whoever implements this closes it after the test. */
  IdGenerator ids() throws Exception;

  @Test
  default void noIdIsGivenTwiceAndNoneIsZero() throws Exception {
    IdGenerator ids = ids();
    Set<Long> all = new HashSet<>();
    int given = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<List<Long>>> results = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        results.add(threads.submit(() -> take(ids)));
      }
      for (Future<List<Long>> result : results) {
        given += result.get().size();
        all.addAll(result.get());
      }
    }
    assertEquals(given, all.size());
    assertFalse(all.contains(0L), "0 means that there is no id");
  }

  private static List<Long> take(IdGenerator ids) {
    List<Long> taken = new ArrayList<>(IDS_PER_THREAD);
    for (int i = 0; i < IDS_PER_THREAD; i++) {
      taken.add(ids.next());
    }
    return taken;
  }
}
