package org.osprey.coordinator.replica.faults;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections at whose commit this process stops itself, with SIGSTOP, if it was told to: until
 * somebody sends SIGCONT nothing in it runs, and what follows is the very next instruction.
 */
final class SelfStopping {
  private final AtomicReference<@Nullable Moment> moment = new AtomicReference<>();
  private final ThreadLocal<Boolean> inBatch = ThreadLocal.withInitial(() -> false);

  /** Of a batch in which something was handled. */
  enum Moment {
    /** After the fence, which is the last statement, and before the commit. */
    INSIDE,
    /** After the commit. */
    BETWEEN
  }

  void at(Moment next) {
    moment.set(next);
  }

  /** The transaction of this thread is one that counts. */
  void handling() {
    inBatch.set(true);
  }

  DataSource wrap(DataSource database) {
    return proxy(
        DataSource.class,
        (method, values) -> {
          Object result = call(database, method, values);
          return result instanceof Connection connection ? wrap(connection) : result;
        });
  }

  private Connection wrap(Connection connection) {
    return proxy(
        Connection.class,
        (method, values) -> {
          if (!method.getName().equals("commit") || !inBatch.get()) {
            return call(connection, method, values);
          }
          inBatch.set(false);
          stopIf(Moment.INSIDE);
          Object nothing = call(connection, method, values);
          stopIf(Moment.BETWEEN);
          return nothing;
        });
  }

  private interface Handler {
    @Nullable Object handle(Method method, @Nullable Object @Nullable [] values) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, values) -> handler.handle(method, values)));
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] values) throws Throwable {
    try {
      return method.invoke(target, values);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private void stopIf(Moment now) throws IOException, InterruptedException {
    if (moment.compareAndSet(now, null)) {
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .inheritIO()
          .start()
          .waitFor();
    }
  }
}
