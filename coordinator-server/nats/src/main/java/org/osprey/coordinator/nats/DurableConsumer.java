package org.osprey.coordinator.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The consumer at the server: found, made when it is missing, and made anew where it left off when
 * somebody deleted it. Belongs to the source's loop; its requests block.
 */
final class DurableConsumer {
  private static final Logger log = LoggerFactory.getLogger(DurableConsumer.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  private static final String SEVERAL_SUBJECTS_SINCE = "2.10.0";
  private static final long NO_LIMIT = -1;

  private final NatsSourceSettings settings;
  private final HeldMessages held;
  private final FinishedMessages finished;

  /** Which consumer we know, and up to where everything of its stream was acked. */
  private @Nullable ZonedDateTime created;

  private @Nullable ZonedDateTime streamCreated;
  private long ackFloor;

  DurableConsumer(NatsSourceSettings settings, HeldMessages held, FinishedMessages finished) {
    this.settings = settings;
    this.held = held;
    this.finished = finished;
  }

  /**
   * @throws TroubleException when it is missing and must not be made, or cannot serve us
   */
  ConsumerInfo bind(Connection connection)
      throws IOException, JetStreamApiException, TroubleException {
    if (settings.subjects().size() > 1
        && connection.getServerInfo().isOlderThanVersion(SEVERAL_SUBJECTS_SINCE)) {
      throw new TroubleException(
          "nats.subjects=%s: server %s takes only one, newer ones than %s take several"
              .formatted(
                  settings.subjects(),
                  connection.getServerInfo().getVersion(),
                  SEVERAL_SUBJECTS_SINCE));
    }
    JetStreamManagement management = management(connection);
    ConsumerInfo info = findOrCreate(management);
    check(info.getConsumerConfiguration());
    note(info);
    return info;
  }

  /** What the server knows of it now. */
  ConsumerInfo look(Connection connection) throws IOException, JetStreamApiException {
    ConsumerInfo info =
        management(connection).getConsumerInfo(settings.stream(), settings.durable());
    note(info);
    return info;
  }

  private static JetStreamManagement management(Connection connection) throws IOException {
    return connection.jetStreamManagement(
        JetStreamOptions.builder().requestTimeout(ANSWER_WITHIN).build());
  }

  private ConsumerInfo findOrCreate(JetStreamManagement management)
      throws IOException, JetStreamApiException, TroubleException {
    try {
      return management.getConsumerInfo(settings.stream(), settings.durable());
    } catch (JetStreamApiException e) {
      if (e.getApiErrorCode() != NatsTroubles.NO_CONSUMER) {
        throw e;
      }
      if (!settings.createConsumer()) {
        throw new TroubleException(
            "nats.durable=%s: no such consumer on nats.stream=%s, and it must not be made"
                .formatted(settings.durable(), settings.stream()));
      }
      return create(management);
    }
  }

  private ConsumerInfo create(JetStreamManagement management)
      throws IOException, JetStreamApiException {
    StreamInfo stream = management.getStreamInfo(settings.stream());
    ConsumerConfiguration.Builder wanted =
        ConsumerConfiguration.builder()
            .durable(settings.durable())
            .ackPolicy(AckPolicy.Explicit)
            .ackWait(settings.ackWait())
            .maxDeliver(NO_LIMIT)
            // Each coordinator limits itself by what it asks for.
            .maxAckPending(NO_LIMIT)
            .filterSubjects(settings.subjects());
    begin(wanted, stream);
    ConsumerInfo made = management.addOrUpdateConsumer(settings.stream(), wanted.build());
    log.info(
        "consumer made: stream={} consumer={} ack_floor={}",
        settings.stream(),
        settings.durable(),
        ackFloor);
    // It goes on where the one we knew was: what we finished stays finished.
    created = made.getCreationTime();
    streamCreated = stream.getCreateTime();
    return made;
  }

  /**
   * Everything for a new consumer; for one that was lost, what was not acked when we last looked.
   */
  private void begin(ConsumerConfiguration.Builder wanted, StreamInfo stream) {
    boolean sameStream = stream.getCreateTime().equals(streamCreated);
    boolean queue = stream.getConfiguration().getRetentionPolicy() == RetentionPolicy.WorkQueue;
    long start = Math.min(ackFloor + 1, held.lowestSequence());
    if (sameStream && !queue && start > 1) {
      wanted.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(start);
    } else {
      wanted.deliverPolicy(DeliverPolicy.All);
      ackFloor = 0;
    }
  }

  private void note(ConsumerInfo info) {
    if (created != null && !created.equals(info.getCreationTime())) {
      log.info("consumer was made anew by somebody else: consumer={}", settings.durable());
      finished.clear();
      ackFloor = 0;
    }
    created = info.getCreationTime();
    ackFloor = Math.max(ackFloor, info.getAckFloor().getStreamSequence());
  }

  private void check(ConsumerConfiguration found) throws TroubleException {
    if (found.getDeliverSubject() != null) {
      throw unfit("pushes, a pull consumer is needed");
    }
    if (found.getAckPolicy() != AckPolicy.Explicit) {
      throw unfit("has ack policy " + found.getAckPolicy() + ", explicit is needed");
    }
    if (found.getMaxDeliver() > 0) {
      throw unfit("drops messages after max_deliver=" + found.getMaxDeliver() + ", none is needed");
    }
    Set<String> subjects = subjects(found);
    if (!subjects.equals(Set.copyOf(settings.subjects()))) {
      throw new TroubleException(
          "nats.subjects=%s: nats.durable=%s has filter %s"
              .formatted(settings.subjects(), settings.durable(), subjects));
    }
  }

  private static Set<String> subjects(ConsumerConfiguration found) {
    List<String> several = found.getFilterSubjects();
    return several == null ? Set.of() : Set.copyOf(several);
  }

  private TroubleException unfit(String why) {
    return new TroubleException("nats.durable=%s: it %s".formatted(settings.durable(), why));
  }
}
