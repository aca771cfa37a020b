package org.osprey.coordinator.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.proto.actions.v1.Action;

class ActionNumbersTest {

  @Test
  void builtInOnesAreThoseOfTheProtocol() {
    Map<Integer, String> protocol =
        Action.getDescriptor().getOneofs().getFirst().getFields().stream()
            .collect(Collectors.toMap(FieldDescriptor::getNumber, FieldDescriptor::getName));
    assertEquals(protocol, ActionNumbers.BUILT_IN.names());
    assertEquals(12, protocol.size());
  }

  @Test
  void moreNames() {
    ActionNumbers numbers =
        ActionNumbers.BUILT_IN.with(
            Map.of(14, "message_sent", 536_870_911, "last", 2, "auth_session_created"));
    assertEquals("message_sent", numbers.name(14));
    assertEquals("last", numbers.name(536_870_911));
    assertEquals("guild_created", numbers.name(6));
    assertNull(numbers.name(15));
    assertNull(ActionNumbers.BUILT_IN.name(14));
  }

  @ParameterizedTest
  @CsvSource({
    "1, x, 'action number must be 2 to 536870911, got 1'",
    "-5, x, 'action number must be 2 to 536870911, got -5'",
    "536870912, x, 'action number must be 2 to 536870911, got 536870912'",
    "14, '', 'the name of action number 14 has 0 characters, want 1 to 256'",
    "2, x, 'action number 2 is auth_session_created already, got x'"
  })
  void mistakes(int number, String name, String problem) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ActionNumbers.BUILT_IN.with(Map.of(number, name)));
    assertEquals(problem, e.getMessage());
  }
}
