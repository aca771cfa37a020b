package org.osprey.coordinator.contract;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.osprey.coordinator.core.InMemoryResultSink;
import org.osprey.coordinator.core.Outcome.Acked;
import org.osprey.coordinator.core.ResultSink;

class InMemoryResultSinkTest implements ResultSinkContract {
  private static final int LIMIT = 1000;

  @Override
  public ResultSinkRig rig() {
    InMemoryResultSink sink = new InMemoryResultSink(true, LIMIT);
    return new ResultSinkRig() {
      @Override
      public ResultSink sink() {
        return sink;
      }

      @Override
      public int tooLarge() {
        return LIMIT + 1;
      }

      @Override
      public List<PublishedResult> read(int count, Duration atMost) {
        await().atMost(atMost).until(() -> sink.published().size() >= count);
        return sink.published().stream()
            .map(
                published ->
                    new PublishedResult(
                        published.delivery().action().idText(), value(published.acked())))
            .toList();
      }

      @Override
      public void close() {}
    };
  }

  private static byte[] value(Acked acked) {
    return Objects.requireNonNull(acked.content(true));
  }
}
