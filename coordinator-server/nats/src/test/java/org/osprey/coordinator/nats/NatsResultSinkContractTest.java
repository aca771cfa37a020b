package org.osprey.coordinator.nats;

import static org.awaitility.Awaitility.await;

import io.nats.client.api.MessageInfo;
import io.nats.client.impl.Headers;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.osprey.coordinator.contract.ResultSinkContract;
import org.osprey.coordinator.contract.ResultSinkRig;
import org.osprey.coordinator.core.ResultSink;

class NatsResultSinkContractTest implements ResultSinkContract {
  private static final int SERVERS_MAX_PAYLOAD = 1 << 20;

  @Override
  public ResultSinkRig rig() {
    return new Rig();
  }

  private static final class Rig implements ResultSinkRig {
    private final TestNats nats = new TestNats(NatsServer.shared().url());
    private final Connected connected = Connected.to(NatsServer.shared().url());
    private final String stream = TestNats.newName();
    private final NatsResultSink sink =
        new NatsResultSink(
            connected.connection(), new NatsResultSettings(stream + ".results", true, 10_000));

    private Rig() {
      nats.createStream(stream);
    }

    @Override
    public ResultSink sink() {
      return sink;
    }

    @Override
    public int tooLarge() {
      return SERVERS_MAX_PAYLOAD + 1;
    }

    @Override
    public List<PublishedResult> read(int count, Duration atMost) {
      await().atMost(atMost).until(() -> nats.count(stream) >= count);
      return nats.read(stream).stream().map(Rig::published).toList();
    }

    @Override
    public void close() {
      sink.close();
      nats.deleteStream(stream);
      connected.close();
      nats.close();
    }

    private static PublishedResult published(MessageInfo message) {
      Headers headers = Objects.requireNonNull(message.getHeaders());
      return new PublishedResult(
          Objects.requireNonNull(headers.getFirst("action-id")),
          Objects.requireNonNull(message.getData()));
    }
  }
}
