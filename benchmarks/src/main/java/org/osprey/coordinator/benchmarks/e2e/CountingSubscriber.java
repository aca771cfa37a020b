package org.osprey.coordinator.benchmarks.e2e;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** Counts what arrives, over a connection of its own. */
final class CountingSubscriber implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Connection connection;
  private final LongAdder messages = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  CountingSubscriber(String url, String subject)
      throws IOException, InterruptedException, TimeoutException {
    connection =
        Nats.connect(Options.builder().server(url).errorListener(new ErrorListener() {}).build());
    Dispatcher dispatcher = connection.createDispatcher(this::arrived);
    dispatcher.setPendingLimits(-1, -1);
    dispatcher.subscribe(subject);
    connection.flush(PATIENCE);
  }

  private void arrived(Message message) {
    messages.increment();
    bytes.add(message.getData().length);
  }

  long messages() {
    return messages.sum();
  }

  long bytes() {
    return bytes.sum();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
