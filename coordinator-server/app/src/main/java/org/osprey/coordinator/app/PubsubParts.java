package org.osprey.coordinator.app;

import java.time.Duration;
import org.osprey.coordinator.app.config.PubsubConfig;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.pubsub.PubsubSettings;
import org.osprey.coordinator.pubsub.PubsubSource;

/** The Pub/Sub source. */
final class PubsubParts {
  private PubsubParts() {}

  static Source source(
      PubsubConfig config,
      Duration roomWait,
      MessageDecoder decoder,
      DeadLetters deadLetters,
      Ticker ticker) {
    PubsubSettings settings =
        new PubsubSettings(
            config.project(),
            config.subscription(),
            Unset.file(config.serviceAccountFile()),
            Unset.text(config.emulatorHost()),
            Unset.text(config.encryptionKeyUri()),
            PubsubSettings.Ordering.valueOf(config.ordering().name()),
            config.maxMessages(),
            config.maxBytes().bytes(),
            config.maxProcessing(),
            config.channelTimeout(),
            config.minLeaseExtension(),
            config.maxLeaseExtension(),
            roomWait,
            Composition.CLOSE_TIMEOUT);
    return new PubsubSource(settings, decoder, deadLetters, ticker);
  }
}
