package org.osprey.coordinator.testdata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.codec.ActionDecoder;
import org.osprey.coordinator.codec.ActionNumbers;
import org.osprey.coordinator.codec.MessageDecoder.Attributes;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.CountingIds;
import org.osprey.coordinator.testdata.SampleActions.SampleAction;

class SampleActionsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123Z");

  @Test
  void theCoordinatorReadsWhatIsPublished() throws UndecodableException {
    ActionDecoder decoder = new ActionDecoder(new CountingIds(), ActionNumbers.BUILT_IN);
    SampleActions actions = actions(NOW);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      SampleAction made = actions.next();
      Action read =
          decoder.decode(made.published().getBytes(UTF_8), Attributes.NONE, Instant.EPOCH);
      assertEquals(made.id(), read.id());
      assertEquals(made.name(), read.name());
      assertEquals(made.data(), new String(read.payload(), UTF_8));
      assertEquals(NOW, read.timestamp());
      names.add(read.name());
    }
    assertEquals(Set.of("user_login", "user_signup", "post_created"), names);
  }

  @Test
  void idsAreUniqueAcrossStarts() {
    Set<Long> ids = new HashSet<>();
    for (Instant start : new Instant[] {NOW, NOW.plusMillis(1)}) {
      SampleActions actions = actions(start);
      for (int i = 0; i < 1000; i++) {
        long id = actions.next().id();
        assertTrue(id > 0);
        ids.add(id);
      }
    }
    assertEquals(2000, ids.size());
  }

  private static SampleActions actions(Instant now) {
    return new SampleActions(Clock.fixed(now, ZoneOffset.UTC), new Random(1));
  }
}
