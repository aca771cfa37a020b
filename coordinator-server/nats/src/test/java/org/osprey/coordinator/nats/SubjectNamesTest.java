package org.osprey.coordinator.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SubjectNamesTest {
  private final SubjectNames names =
      new SubjectNames(
          Map.of("a.b.c", "literal", "a.*.c", "one", "a.b.>", "rest", "a.b", "short", "z.>", "z"));

  @Test
  void theMostSpecificPatternWins() {
    assertEquals("literal", names.nameOf("a.b.c"));
    assertEquals("one", names.nameOf("a.x.c"));
    assertEquals("rest", names.nameOf("a.b.x"));
    assertEquals("rest", names.nameOf("a.b.c.d"));
    assertEquals("short", names.nameOf("a.b"));
  }

  @Test
  void whatMatchesNothingHasNoName() {
    assertNull(names.nameOf("a"));
    assertNull(names.nameOf("a.x"));
    assertNull(names.nameOf("a.x.y"));
    assertNull(names.nameOf("z"));
    assertNull(new SubjectNames(Map.of()).nameOf("a"));
  }
}
