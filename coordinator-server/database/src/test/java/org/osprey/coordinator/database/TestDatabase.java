package org.osprey.coordinator.database;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osprey.coordinator.core.Ticker;

/** A database with a table of numbers. */
final class TestDatabase {
  static final Duration PATIENCE = Duration.ofSeconds(40);

  private TestDatabase() {}

  static Database create(DatabaseSettings settings) {
    return new Database(settings, List.of("numbers"), Ticker.system(), new Random(1));
  }

  static Database open(DatabaseSettings settings) {
    Database database = create(settings);
    database.start();
    database.awaitFirstTry();
    return database;
  }

  /** Keeps the contract: twice is the same as once. */
  static Work<Integer> insert(long number) {
    return handle ->
        handle.execute(
            "insert into numbers (number) values (?) on conflict (number) do nothing", number);
  }

  static Set<Long> numbers(Database database) {
    return database.read(
        handle ->
            new HashSet<>(
                handle.createQuery("select number from numbers").mapTo(Long.class).list()));
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What the stage failed with. */
  static Throwable failure(CompletionStage<?> stage) throws InterruptedException, TimeoutException {
    try {
      Object value = stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      throw new AssertionError("succeeded with " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  /** Keeps the writer busy until it is let go, so that what comes meanwhile waits together. */
  static final class Hold implements AutoCloseable {
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final CompletionStage<Boolean> stage;

    Hold(Database database) throws InterruptedException {
      stage =
          database.write(
              handle -> {
                running.countDown();
                return letGo.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
              });
      running.await();
    }

    CompletionStage<Boolean> stage() {
      return stage;
    }

    @Override
    public void close() {
      letGo.countDown();
    }
  }
}
