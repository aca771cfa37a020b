package org.osprey.coordinator.nats;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterStore;
import org.osprey.coordinator.core.Outage;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;

/**
 * Dead letters in a JetStream stream; a letter's id is its sequence. One loop makes the stream when
 * it is missing and learns how large a message it takes.
 *
 * <p>There is no {@code Nats-Msg-Id}: storing a letter twice is harmless, while swallowing one that
 * looks like another is not.
 */
@ThreadSafe
public final class NatsDeadLetters implements DeadLetterStore, Component, Supervised {
  private static final String COMPONENT = "nats dead letters";
  private static final Duration STUCK_AFTER = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration RETRY_EVERY = Duration.ofSeconds(2);
  private static final int MAX_UNCONFIRMED = 1000;

  private final NatsConnection connection;
  private final NatsDeadLetterSettings settings;
  private final DeadLetterStream stream;
  private final LetterReader reader;
  private final Publisher publisher;
  private final NatsTroubles troubles;
  private final Outage outage = new Outage(COMPONENT);
  private final SupervisedLoop loop;
  private final CountDownLatch closing = new CountDownLatch(1);

  private volatile long maxMessageSize = Long.MAX_VALUE;

  /** Whether the last letter was not stored. */
  private volatile boolean refused;

  /** The connection's epoch for which the stream was seen. */
  private volatile long ensuredEpoch = -1;

  /**
   * @param connection closed by its owner, after this
   * @param decoder reads back what was written as an envelope
   */
  public NatsDeadLetters(
      NatsConnection connection,
      NatsDeadLetterSettings settings,
      MessageDecoder decoder,
      Ticker ticker) {
    this.connection = connection;
    this.settings = settings;
    stream = new DeadLetterStream(connection, settings);
    reader = new LetterReader(decoder);
    publisher = new Publisher(connection, MAX_UNCONFIRMED, settings.stream());
    troubles = new NatsTroubles(connection, "nats.deadLetterStream=" + settings.stream());
    loop = new SupervisedLoop("nats-dead-letters", ticker, STUCK_AFTER, this::step);
  }

  @Override
  public void start() {
    loop.start();
  }

  @Override
  public CompletionStage<Void> put(DeadLetter letter) {
    long limit = Math.min(publisher.maxPayload(), maxMessageSize);
    LetterWriter.Written written = LetterWriter.write(letter, limit);
    return publisher
        .publish(settings.subject(), written.headers(), written.body())
        .<Void>thenApply(ack -> null)
        .whenComplete((nothing, failure) -> ended(failure));
  }

  @Override
  public Snapshot snapshot(@Nullable String after) {
    long first = after == null ? 1 : sequence(after) + 1;
    return new Walk(first, blocking(stream::lastSequence));
  }

  @Override
  public @Nullable StoredLetter find(String id) {
    long sequence = sequence(id);
    return sequence < 1 ? null : read(blocking(() -> stream.get(sequence)));
  }

  @Override
  public int remove(Collection<String> ids) {
    int removed = 0;
    for (String id : ids) {
      long sequence = sequence(id);
      if (sequence > 0 && blocking(() -> stream.delete(sequence))) {
        removed++;
      }
    }
    return removed;
  }

  @Override
  public Check check() {
    if (connection.current() == null) {
      return Check.failed(COMPONENT, connection.check().detail());
    }
    String trouble = outage.trouble();
    return trouble == null ? running() : Check.failed(COMPONENT, trouble);
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  @Override
  public void close() {
    closing.countDown();
    loop.close();
  }

  /** Whether the stream was found since the last interruption. */
  boolean isReady() {
    return ensuredEpoch == connection.epoch();
  }

  private void step() throws InterruptedException {
    long epoch = connection.epoch();
    if (epoch == ensuredEpoch || connection.current() == null) {
      rest(LOOK_EVERY);
      return;
    }
    try {
      maxMessageSize = stream.ensure();
      ensuredEpoch = epoch;
      if (!refused) {
        outage.report(null);
      }
    } catch (IOException | JetStreamApiException | TroubleException | IllegalStateException e) {
      if (connection.current() != null) {
        outage.report(troubles.explain(e));
      }
      rest(RETRY_EVERY);
    }
  }

  private Check running() {
    Check running = loop.check();
    return running.healthy()
        ? Check.ok(COMPONENT, "stream=" + settings.stream())
        : Check.failed(COMPONENT, running.detail());
  }

  private void ended(@Nullable Throwable failure) {
    refused = failure != null;
    if (failure == null) {
      outage.report(null);
    } else if (connection.current() != null) {
      outage.report(troubles.explain(failure));
      // It may be that the stream is gone.
      ensuredEpoch = -1;
    }
  }

  private void rest(Duration atMost) throws InterruptedException {
    boolean unused = closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** 0 for what cannot be an id of ours. */
  private static long sequence(String id) {
    return id.matches("[0-9]{1,18}") ? Long.parseLong(id) : 0;
  }

  private @Nullable StoredLetter read(@Nullable MessageInfo message) {
    return message == null ? null : reader.read(message);
  }

  private <T extends @Nullable Object> T blocking(Request<T> request) {
    try {
      return request.run();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      throw new StoreException(troubles.explain(e), e);
    }
  }

  /** Something to ask the server. */
  @FunctionalInterface
  private interface Request<T extends @Nullable Object> {
    T run() throws IOException, JetStreamApiException;
  }

  private final class Walk implements Snapshot {
    private final long last;
    private long next;

    private Walk(long first, long last) {
      next = first;
      this.last = last;
    }

    @Override
    public List<StoredLetter> next(int limit) {
      List<StoredLetter> batch = new ArrayList<>();
      while (batch.size() < limit && next <= last) {
        MessageInfo message = blocking(() -> stream.next(next));
        if (message == null || message.getSeq() > last) {
          next = last + 1;
        } else {
          batch.add(reader.read(message));
          next = message.getSeq() + 1;
        }
      }
      return batch;
    }

    @Override
    public void close() {}
  }
}
