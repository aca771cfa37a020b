package org.osprey.coordinator.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.GrpcTransportChannel;
import com.google.api.gax.rpc.FixedTransportChannelProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.ProjectSubscriptionName;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.TopicName;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The other side of a test: a topic of its own with one subscription, on the emulator. */
final class TestPubsub implements AutoCloseable {
  static final String PROJECT = "test-project";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final int BATCH = 1000;

  private final ManagedChannel channel;
  private final TopicAdminClient topics;
  private final SubscriptionAdminClient subscriptions;
  private final TopicName topic;
  private final ProjectSubscriptionName subscription;

  TestPubsub(PubsubEmulator emulator, Duration ackDeadline) {
    String name = "actions-" + NUMBER.incrementAndGet();
    topic = TopicName.of(PROJECT, name);
    subscription = ProjectSubscriptionName.of(PROJECT, name);
    channel = NettyChannelBuilder.forTarget(emulator.host()).usePlaintext().build();
    TransportChannelProvider transport =
        FixedTransportChannelProvider.create(GrpcTransportChannel.create(channel));
    try {
      topics =
          TopicAdminClient.create(
              TopicAdminSettings.newBuilder()
                  .setTransportChannelProvider(transport)
                  .setCredentialsProvider(NoCredentialsProvider.create())
                  .build());
      subscriptions =
          SubscriptionAdminClient.create(
              SubscriptionAdminSettings.newBuilder()
                  .setTransportChannelProvider(transport)
                  .setCredentialsProvider(NoCredentialsProvider.create())
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    topics.createTopic(topic);
    createSubscription(ackDeadline);
  }

  void createSubscription(Duration ackDeadline) {
    subscriptions.createSubscription(
        Subscription.newBuilder()
            .setName(subscription.toString())
            .setTopic(topic.toString())
            .setAckDeadlineSeconds((int) ackDeadline.toSeconds())
            .setEnableMessageOrdering(true)
            .build());
  }

  void deleteSubscription() {
    subscriptions.deleteSubscription(subscription.toString());
  }

  String subscription() {
    return subscription.getSubscription();
  }

  void send(byte[] data, String key, Map<String, String> attributes) {
    publish(
        List.of(
            PubsubMessage.newBuilder()
                .setData(ByteString.copyFrom(data))
                .setOrderingKey(key)
                .putAllAttributes(attributes)
                .build()));
  }

  /** Publishes the ids {@code from} (included) to {@code to} (not included); 0 is no id. */
  void sendIds(int from, int to) {
    List<PubsubMessage> batch = new ArrayList<>(BATCH);
    for (int id = from; id < to; id++) {
      batch.add(PubsubMessage.newBuilder().setData(ByteString.copyFrom(action(id))).build());
      if (batch.size() == BATCH || id == to - 1) {
        publish(batch);
        batch.clear();
      }
    }
  }

  static byte[] action(long id) {
    return "{\"id\":\"%d\",\"name\":\"test_action\",\"data\":{\"n\":%d}}"
        .formatted(id, id)
        .getBytes(UTF_8);
  }

  @Override
  public void close() {
    topics.close();
    subscriptions.close();
    channel.shutdownNow();
  }

  private void publish(List<PubsubMessage> batch) {
    topics.publish(topic, batch);
  }
}
