package org.osprey.coordinator.pubsub;

import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.cloud.pubsub.v1.MessageReceiver;
import com.google.cloud.pubsub.v1.Subscriber;
import com.google.pubsub.v1.ProjectSubscriptionName;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;

/** The library and nothing else, as a measure for what is ours. */
final class PlainSubscriber implements AutoCloseable {
  private final ManagedChannel channel;
  private final Subscriber subscriber;

  /**
   * @param lease for how long a message is leased at a time
   */
  PlainSubscriber(String host, String subscription, Duration lease, MessageReceiver receiver) {
    channel = NettyChannelBuilder.forTarget(host).usePlaintext().build();
    subscriber =
        Subscriber.newBuilder(
                ProjectSubscriptionName.of(TestPubsub.PROJECT, subscription), receiver)
            .setChannelProvider(
                FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel)))
            .setCredentialsProvider(NoCredentialsProvider.create())
            .setFlowControlSettings(
                FlowControlSettings.newBuilder()
                    .setMaxOutstandingElementCount(5000L)
                    .setMaxOutstandingRequestBytes(64L << 20)
                    .build())
            .setMinDurationPerAckExtensionDuration(lease)
            .setMaxDurationPerAckExtensionDuration(lease.plusSeconds(1))
            .build();
  }

  void start() {
    subscriber.startAsync().awaitRunning();
  }

  @Override
  public void close() {
    subscriber.stopAsync().awaitTerminated();
    channel.shutdownNow();
  }
}
