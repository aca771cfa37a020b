package org.osprey.coordinator.nats;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.osprey.coordinator.contract.SourceContract;
import org.osprey.coordinator.contract.SourceRig;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.nats.NatsSourceSettings.Ordering;

class NatsSourceContractTest implements SourceContract {
  @Override
  public SourceRig rig() {
    return new Rig();
  }

  private static final class Rig implements SourceRig {
    private final TestNats nats = new TestNats(NatsServer.shared().url());
    private final Connected connected = Connected.to(NatsServer.shared().url());
    private final String stream = TestNats.newName();

    private Rig() {
      nats.createStream(stream);
    }

    @Override
    public Source source(DeadLetters deadLetters) {
      return connected.source(settings(stream), deadLetters);
    }

    @Override
    public Source misdirected(DeadLetters deadLetters) {
      return connected.source(settings("nowhere"), deadLetters);
    }

    @Override
    public String misdirectedSetting() {
      return "nats.stream=nowhere";
    }

    @Override
    public void send(byte[] data, String key, Map<String, String> attributes) {
      Map<String, String> headers = new HashMap<>(attributes);
      if (!key.isEmpty()) {
        headers.put(NatsSourceSettings.DEFAULT_ORDERING_HEADER, key);
      }
      nats.publish(stream + ".in", data, headers);
    }

    @Override
    public void close() {
      nats.deleteStream(stream);
      connected.close();
      nats.close();
    }

    private static NatsSourceSettings settings(String stream) {
      return NatsSourceSettings.builder(stream)
          .ordering(Ordering.KEY)
          .ackWait(Duration.ofSeconds(2))
          .build();
    }
  }
}
