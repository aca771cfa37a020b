package org.osprey.coordinator.streams.nats;

import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.osprey.coordinator.proto.streams.v1.CommandReply;

/** A client that is none of ours: bytes on subjects. */
final class Foreign implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Connection connection;

  Foreign(String url) throws IOException, InterruptedException {
    connection = Nats.connect(url);
  }

  /** Asks for no reply. */
  void send(String subject, byte[] body) {
    connection.publish(subject, body);
  }

  Message ask(String subject, byte[] body) throws InterruptedException {
    return Objects.requireNonNull(connection.request(subject, body, PATIENCE), subject);
  }

  CommandReply command(String subject, byte[] body) throws Exception {
    return CommandReply.parseFrom(ask(subject, body).getData());
  }

  /** Returns when it is subscribed. */
  Subscription subscribe(String subject) throws InterruptedException, TimeoutException {
    Subscription made = connection.subscribe(subject);
    connection.flush(PATIENCE);
    return made;
  }

  static byte[] next(Subscription subscription) throws InterruptedException {
    return Objects.requireNonNull(subscription.nextMessage(PATIENCE)).getData();
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
