package org.osprey.coordinator.pubsub;

import com.google.api.core.ApiService.State;
import com.google.api.gax.batching.FlowControlSettings;
import com.google.cloud.pubsub.v1.MessageReceiverWithAckResponse;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.pubsub.v1.ProjectSubscriptionName;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One streaming pull by the library. Once stopped it brings nothing new, but keeps the leases of
 * what it brought and passes on their answers until the last one is in.
 */
final class Pull {
  /** The library wants a range of lengths; a lost message waits out the longest. */
  private static final Duration LEEWAY = Duration.ofSeconds(1);

  static {
    LibraryLog.quieten();
  }

  private final Subscriber subscriber;

  private Pull(Subscriber subscriber) {
    this.subscriber = subscriber;
  }

  /** Does not wait for the service. */
  static Pull start(
      PubsubSettings settings, Connection connection, MessageReceiverWithAckResponse receiver) {
    FlowControlSettings flow =
        FlowControlSettings.newBuilder()
            .setMaxOutstandingElementCount((long) settings.maxMessages())
            .setMaxOutstandingRequestBytes(settings.maxBytes())
            .build();
    ProjectSubscriptionName subscription =
        ProjectSubscriptionName.of(settings.project(), settings.subscription());
    Subscriber subscriber =
        Subscriber.newBuilder(subscription, receiver)
            .setChannelProvider(connection.transport())
            .setCredentialsProvider(connection.credentials())
            .setExecutorProvider(connection.receiver())
            .setSystemExecutorProvider(connection.leases())
            .setFlowControlSettings(flow)
            .setMinDurationPerAckExtensionDuration(settings.minLeaseExtension())
            .setMaxDurationPerAckExtensionDuration(settings.minLeaseExtension().plus(LEEWAY))
            .setMaxAckExtensionPeriodDuration(settings.maxLeaseExtension())
            .build();
    subscriber.startAsync();
    return new Pull(subscriber);
  }

  void stop() {
    subscriber.stopAsync();
  }

  boolean hasEnded() {
    State state = subscriber.state();
    return state == State.TERMINATED || state == State.FAILED;
  }

  void awaitEnd(Duration atMost) {
    try {
      subscriber.awaitTerminated(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | IllegalStateException e) {
      // Not in time, or it had failed: its leases run out by themselves.
    }
  }
}
