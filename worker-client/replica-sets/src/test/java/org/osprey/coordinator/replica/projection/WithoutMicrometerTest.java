package org.osprey.coordinator.replica.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.replica.TestDatabase;
import org.osprey.coordinator.replica.event.EventStore;
import org.osprey.coordinator.replica.event.NewEvent;
import org.osprey.coordinator.replica.event.PersistedEvent;
import org.osprey.coordinator.replica.event.PostgresEventStore;
import org.postgresql.ds.PGSimpleDataSource;

/** Who gives no registry needs no Micrometer. */
class WithoutMicrometerTest {
  private static final String NEEDED = "io.micrometer.core.instrument.MeterRegistry";

  /** What is run where there is no Micrometer; found by its name. */
  public static final class Program {
    private Program() {}

    /** Handles one event. */
    public static long run(String url, String user, String password) throws InterruptedException {
      PGSimpleDataSource database = new PGSimpleDataSource();
      database.setUrl(url);
      database.setUser(user);
      database.setPassword(password);
      EventStore store = new PostgresEventStore(database);
      store.append("a", 0, List.of(NewEvent.of("happened", "x".getBytes(UTF_8))));
      CountDownLatch handled = new CountDownLatch(1);
      ReplicaSetRunner runner =
          ReplicaSetRunner.builder()
              .dataSource(database)
              .eventStore(store)
              .replicaSet("plain")
              .listenOn(database)
              .build();
      Projection projection =
          new Projection() {
            @Override
            public String name() {
              return "plain";
            }

            @Override
            public void handle(PersistedEvent event, HandleContext context) {
              handled.countDown();
            }
          };
      Thread thread = new Thread(() -> runner.run(List.of(projection)));
      thread.setDaemon(true);
      thread.start();
      boolean unused = handled.await(60, TimeUnit.SECONDS);
      runner.close();
      return handled.getCount();
    }
  }

  @Test
  void aRunnerWithoutARegistryRunsWithoutMicrometer() throws Exception {
    PGSimpleDataSource database = TestDatabase.create();
    URL[] classPath =
        Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
            .filter(entry -> !entry.contains("micrometer"))
            .map(WithoutMicrometerTest::url)
            .toArray(URL[]::new);
    try (URLClassLoader loader =
        new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
      assertThrows(ClassNotFoundException.class, () -> loader.loadClass(NEEDED));
      Method run =
          loader
              .loadClass(Program.class.getName())
              .getMethod("run", String.class, String.class, String.class);
      assertEquals(
          0L, run.invoke(null, database.getUrl(), database.getUser(), database.getPassword()));
    }
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
