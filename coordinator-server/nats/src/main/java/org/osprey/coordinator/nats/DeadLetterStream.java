package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.MessageGetRequest;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream at the server. Requests block and throw. Safe for use by many threads. */
final class DeadLetterStream {
  private static final Logger log = LoggerFactory.getLogger(DeadLetterStream.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
  private static final int NO_MESSAGE = 10037;
  private static final int NOT_DELETED = 10057;
  private static final int NOT_FOUND = 404;

  private final NatsConnection connection;
  private final NatsDeadLetterSettings settings;

  DeadLetterStream(NatsConnection connection, NatsDeadLetterSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  /**
   * Finds it, or makes it.
   *
   * @return the largest message it takes, in bytes
   */
  long ensure() throws IOException, JetStreamApiException, TroubleException {
    StreamConfiguration found = findOrCreate().getConfiguration();
    if (!found.getSubjects().contains(settings.subject())) {
      throw new TroubleException(
          "nats.deadLetterSubject=%s: nats.deadLetterStream=%s takes %s"
              .formatted(settings.subject(), settings.stream(), found.getSubjects()));
    }
    return found.getMaximumMessageSize() > 0 ? found.getMaximumMessageSize() : Long.MAX_VALUE;
  }

  /** The sequence of the newest message, or 0. */
  long lastSequence() throws IOException, JetStreamApiException {
    return management().getStreamInfo(settings.stream()).getStreamState().getLastSequence();
  }

  @Nullable MessageInfo get(long sequence) throws IOException, JetStreamApiException {
    return get(MessageGetRequest.forSequence(sequence));
  }

  /** The first message from a sequence on. */
  @Nullable MessageInfo next(long from) throws IOException, JetStreamApiException {
    return get(MessageGetRequest.nextForSubject(from, ">"));
  }

  /**
   * @return whether it was there
   */
  boolean delete(long sequence) throws IOException, JetStreamApiException {
    try {
      return management().deleteMessage(settings.stream(), sequence, false);
    } catch (JetStreamApiException e) {
      if (isMissing(e) || e.getApiErrorCode() == NOT_DELETED) {
        return false;
      }
      throw e;
    }
  }

  private @Nullable MessageInfo get(MessageGetRequest request)
      throws IOException, JetStreamApiException {
    try {
      return management().getMessage(settings.stream(), request);
    } catch (JetStreamApiException e) {
      if (isMissing(e)) {
        return null;
      }
      throw e;
    }
  }

  private StreamInfo findOrCreate() throws IOException, JetStreamApiException {
    JetStreamManagement management = management();
    try {
      return management.getStreamInfo(settings.stream());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NatsTroubles.NO_STREAM || !settings.createStream()) {
        throw e;
      }
      log.info("stream is made for dead letters: stream={}", settings.stream());
      return management.addStream(
          StreamConfiguration.builder()
              .name(settings.stream())
              .subjects(settings.subject())
              .storageType(StorageType.File)
              .replicas(settings.replicas())
              .build());
    }
  }

  private JetStreamManagement management() throws IOException {
    Connection current = connection.current();
    if (current == null) {
      throw new IOException("not connected to " + connection.servers());
    }
    return current.jetStreamManagement(
        JetStreamOptions.builder().requestTimeout(ANSWER_WITHIN).build());
  }

  private static boolean isMissing(JetStreamApiException failure) {
    return failure.getApiErrorCode() == NO_MESSAGE
        || (failure.getErrorCode() == NOT_FOUND
            && failure.getApiErrorCode() != NatsTroubles.NO_STREAM);
  }
}
