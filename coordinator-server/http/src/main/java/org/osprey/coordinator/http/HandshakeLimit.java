package org.osprey.coordinator.http;

import com.google.errorprone.annotations.ThreadSafe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.thread.Scheduler;

/** Cuts connections that do not finish their TLS handshake in time, however busy they look. */
@ThreadSafe
final class HandshakeLimit implements Connection.Listener {
  /** The cipher suite of an engine whose handshake has not ended. */
  private static final String NONE = "SSL_NULL_WITH_NULL_NULL";

  @SuppressWarnings("ThreadSafe") // says of itself that it is
  private final Scheduler scheduler;

  private final Duration atMost;
  private final Map<Connection, Scheduler.Task> waiting = new ConcurrentHashMap<>();

  HandshakeLimit(Scheduler scheduler, Duration atMost) {
    this.scheduler = scheduler;
    this.atMost = atMost;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof SslConnection encrypted) {
      waiting.put(
          connection,
          scheduler.schedule(
              () -> cutUnfinished(encrypted), atMost.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Scheduler.Task task = waiting.remove(connection);
    if (task != null) {
      boolean ignored = task.cancel();
    }
  }

  private void cutUnfinished(SslConnection connection) {
    waiting.remove(connection);
    if (connection.getSSLEngine().getSession().getCipherSuite().equals(NONE)) {
      connection.getEndPoint().close();
    }
  }
}
