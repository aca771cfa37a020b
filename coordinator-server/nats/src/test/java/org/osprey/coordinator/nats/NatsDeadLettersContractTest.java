package org.osprey.coordinator.nats;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.osprey.coordinator.contract.DeadLetterStoreContract;
import org.osprey.coordinator.core.DeadLetterStore;

class NatsDeadLettersContractTest implements DeadLetterStoreContract {
  @Override
  public Rig rig() {
    return new StreamRig();
  }

  private static final class StreamRig implements Rig {
    private final TestNats nats = new TestNats(NatsServer.shared().url());
    private final Connected connected = Connected.to(NatsServer.shared().url());
    private final String stream = TestNats.newName();
    private final NatsDeadLetters letters =
        connected.deadLetters(new NatsDeadLetterSettings(stream, stream + ".letters", true, 1));

    private StreamRig() {
      letters.start();
      await().atMost(Duration.ofMinutes(1)).until(letters::isReady);
    }

    @Override
    public DeadLetterStore store() {
      return letters;
    }

    @Override
    public void close() {
      letters.close();
      nats.deleteStream(stream);
      connected.close();
      nats.close();
    }
  }
}
