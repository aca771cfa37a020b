package org.osprey.coordinator.contract;

import java.time.Instant;
import java.util.Map;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.core.DeadLetter.Undecoded;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.InMemoryOrigin;
import org.osprey.coordinator.core.InMemorySource;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Ticker;

class InMemorySourceTest implements SourceContract {
  @Override
  public SourceRig rig() {
    return new Rig();
  }

  private static final class Rig implements SourceRig {
    private final ActionDecoder decoder =
        new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    private final InMemoryOrigin origin = new InMemoryOrigin();

    @Override
    public Source source(DeadLetters deadLetters) {
      return new InMemorySource("memory", origin, deadLetters, Ticker.system());
    }

    @Override
    public Source misdirected(DeadLetters deadLetters) {
      return new Nowhere();
    }

    @Override
    public String misdirectedSetting() {
      return "memory.origin";
    }

    @Override
    public void send(byte[] data, String key, Map<String, String> attributes) {
      Instant now = Instant.now();
      try {
        origin.add(
            decoder.decode(data, attributes::get, now), key.isEmpty() ? null : key, attributes);
      } catch (UndecodableException e) {
        origin.addBroken(
            new Undecoded(null, data, attributes, now), String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() {}
  }

  /** An origin in memory always exists. */
  private static final class Nowhere implements Source {
    @Override
    public void start(Intake intake) {}

    @Override
    public void setPaused(boolean paused) {}

    @Override
    public Check check() {
      return Check.failed("memory", "memory.origin does not exist");
    }

    @Override
    public void close() {}
  }
}
