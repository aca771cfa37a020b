package org.osprey.coordinator.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorAction;

/**
 * Workers on connections of their own that nack one kind of poison and die of another; for each one
 * that dies another one comes.
 */
final class Victims implements AutoCloseable {
  private final CoordinatorTester tester;
  private final RecordLedger ledger;
  private final List<TcpProxy> connections = new ArrayList<>();
  private final Map<Long, Integer> kills = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Victims(CoordinatorTester tester, RecordLedger ledger, int count) {
    this.tester = tester;
    this.ledger = ledger;
    for (int i = 0; i < count; i++) {
      connect();
    }
  }

  /** How many died of each action. */
  Map<Long, Integer> kills() {
    return kills;
  }

  @Override
  public synchronized void close() {
    closed = true;
    connections.forEach(TcpProxy::close);
  }

  private synchronized void connect() {
    if (closed) {
      return;
    }
    TcpProxy connection = TcpProxy.to(tester.workerPort());
    connections.add(connection);
    RawWorker worker = RawWorker.connect(tester.channel(connection.port()));
    worker.handling(action -> handle(worker, connection, action));
  }

  private void handle(RawWorker worker, TcpProxy connection, OspreyCoordinatorAction action) {
    switch (Poison.of(action.getActionId())) {
      case NONE -> {
        String key = Long.toUnsignedString(action.getActionId());
        ledger.handled(key, "verdict_for_" + key);
        worker.ack(action);
      }
      case NACKED -> worker.nack(action);
      case WORKERS_LOST -> {
        kills.merge(action.getActionId(), 1, Integer::sum);
        connection.close();
        Thread.ofVirtual().start(this::connect);
      }
      case UNDECODABLE -> throw new AssertionError("no worker should see " + action.getActionId());
    }
  }
}
