package org.osprey.coordinator.pubsub;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.util.concurrent.ThreadFactory;

/** Daemon threads whose names say what they do. */
final class ThreadNames {
  private ThreadNames() {}

  static ThreadFactory of(String prefix) {
    return new ThreadFactoryBuilder().setDaemon(true).setNameFormat(prefix + "-%d").build();
  }
}
