package org.osprey.coordinator.kafka;

import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.kafka.KafkaSettings.GroupProtocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes consumers, with the newest group protocol the broker has. Belongs to the source's loop. */
final class Consumers {
  private static final Logger log = LoggerFactory.getLogger(Consumers.class);

  private final Function<GroupProtocol, Consumer<byte[], byte[]>> factory;
  private final boolean mayFallBack;
  private GroupProtocol protocol;

  Consumers(GroupProtocol wanted, Function<GroupProtocol, Consumer<byte[], byte[]>> factory) {
    this.factory = factory;
    mayFallBack = wanted == GroupProtocol.AUTO;
    protocol = mayFallBack ? GroupProtocol.CONSUMER : wanted;
  }

  static Consumers of(KafkaSettings settings) {
    return new Consumers(
        settings.groupProtocol(),
        protocol -> new KafkaConsumer<>(ClientProperties.consumer(settings, protocol)));
  }

  Consumer<byte[], byte[]> create() {
    return factory.apply(protocol);
  }

  /**
   * @return whether the failure may come from the group protocol and the next consumer will use
   *     another one
   */
  boolean fallBack(Throwable failure) {
    if (!mayFallBack || protocol == GroupProtocol.CLASSIC || !isAboutProtocol(failure)) {
      return false;
    }
    protocol = GroupProtocol.CLASSIC;
    log.info(
        "the new group protocol cannot be used here, going on with the classic one: cause=\"{}\"",
        failure.getMessage());
    return true;
  }

  private static boolean isAboutProtocol(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> false;
      case UnsupportedVersionException e -> true;
      case InconsistentGroupProtocolException e -> true;
      case GroupIdNotFoundException e -> true;
      case ConfigException e -> namesProtocol(e);
      default -> isAboutProtocol(failure.getCause());
    };
  }

  /** The new protocol refuses properties that the operator may have set for the classic one. */
  private static boolean namesProtocol(ConfigException failure) {
    String message = failure.getMessage();
    return message != null && message.contains(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
  }
}
