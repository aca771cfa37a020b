package org.osprey.coordinator.app;

import java.lang.reflect.Proxy;

/**
 * Reacts to signals of the operating system. The JDK's class for them is not part of its API, and
 * is asked for by name: there are JVMs without it, and JVMs that were told to leave signals alone.
 */
final class Signals {
  private static final String SIGNAL = "sun.misc.Signal";
  private static final String HANDLER = "sun.misc.SignalHandler";

  private Signals() {}

  /**
   * Runs the reaction on a thread of the JDK for each signal, instead of what it does otherwise.
   *
   * @param name without SIG
   * @throws ReflectiveOperationException or LinkageError when this JVM does not tell of it
   */
  static void on(String name, Runnable reaction) throws ReflectiveOperationException {
    Class<?> signal = Class.forName(SIGNAL);
    Class<?> handler = Class.forName(HANDLER);
    Object proxy =
        Proxy.newProxyInstance(
            handler.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    reaction.run();
                    yield null;
                  }
                  case "hashCode" -> 0;
                  case "equals" -> false;
                  default -> name;
                });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
  }
}
