package org.osprey.coordinator.pubsub;

import java.time.Duration;
import java.util.Map;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.contract.SourceContract;
import org.osprey.coordinator.contract.SourceRig;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.pubsub.PubsubSettings.Ordering;

class PubsubSourceContractTest implements SourceContract {
  @Override
  public SourceRig rig() {
    return new Rig(PubsubEmulator.get());
  }

  private static final class Rig implements SourceRig {
    private final PubsubEmulator emulator;
    private final TestPubsub pubsub;

    private Rig(PubsubEmulator emulator) {
      this.emulator = emulator;
      pubsub = new TestPubsub(emulator, Duration.ofSeconds(10));
    }

    @Override
    public Source source(DeadLetters deadLetters) {
      return source(pubsub.subscription(), deadLetters);
    }

    @Override
    public Source misdirected(DeadLetters deadLetters) {
      return source("nowhere", deadLetters);
    }

    @Override
    public String misdirectedSetting() {
      return "pubsub.subscription";
    }

    @Override
    public void send(byte[] data, String key, Map<String, String> attributes) {
      pubsub.send(data, key, attributes);
    }

    @Override
    public void close() {
      pubsub.close();
    }

    private Source source(String subscription, DeadLetters deadLetters) {
      PubsubSettings settings =
          PubsubSettings.builder(TestPubsub.PROJECT, subscription)
              .emulatorHost(emulator.host())
              .ordering(Ordering.KEY)
              .build();
      return new PubsubSource(
          settings,
          new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN),
          deadLetters,
          Ticker.system());
    }
  }
}
