package org.osprey.coordinator.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterIdTest {
  @Test
  void isPartitionAndOffset() {
    LetterId id = new LetterId(12, 345_678_901_234L);

    assertEquals("12-345678901234", id.toString());
    assertEquals(id, LetterId.parse("12-345678901234"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "-1", "1-", "a-1", "1-b", "1--1", "1-1 ", "99999999999-1"})
  void anythingElseIsNone(String text) {
    assertNull(LetterId.parse(text));
  }
}
