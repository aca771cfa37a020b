package org.osprey.coordinator.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.proto.streams.v1.OrchestratorCommand;
import org.osprey.coordinator.proto.streams.v1.SubscriptionCommand;

class StreamIdsTest {
  @Test
  void whatMayBePartOfASubjectAndAPathIsValid() {
    for (String id : new String[] {"a", "A-Z_0-9", "x".repeat(64)}) {
      assertTrue(StreamIds.isValid(id), id);
      assertNull(StreamIds.problem(id), id);
    }
    for (String id :
        new String[] {"", " ", "*", ">", ".", "a.b", "a/b", "ä", "a\n", "x".repeat(65)}) {
      assertFalse(StreamIds.isValid(id), id);
      assertTrue(
          Objects.requireNonNull(StreamIds.problem(id)).startsWith("stream_id must be "), id);
    }
  }

  @Test
  void theProblemDoesNotRepeatWhatWasSent() {
    assertEquals(
        "stream_id must be 1 to 64 characters out of A-Z a-z 0-9 _ -, got 1000000",
        StreamIds.problem("x".repeat(1_000_000)));
    assertEquals(
        "stream_id must be 1 to 64 characters out of A-Z a-z 0-9 _ -, got none",
        StreamIds.problem(""));
    assertFalse(Objects.requireNonNull(StreamIds.problem("se.cret")).contains("cret"));
  }

  /** A case that is added later must be found too. */
  @Test
  void everyCommandSaysItsStream() {
    for (FieldDescriptor field : OrchestratorCommand.getDescriptor().getFields()) {
      OrchestratorCommand.Builder command = OrchestratorCommand.newBuilder();
      assertEquals("s", StreamIds.of(command.setField(field, withId(command, field)).build()));
    }
    for (FieldDescriptor field : SubscriptionCommand.getDescriptor().getFields()) {
      SubscriptionCommand.Builder command = SubscriptionCommand.newBuilder();
      assertEquals("s", StreamIds.of(command.setField(field, withId(command, field)).build()));
    }
    assertEquals("", StreamIds.of(OrchestratorCommand.getDefaultInstance()));
    assertEquals("", StreamIds.of(SubscriptionCommand.getDefaultInstance()));
  }

  private static Message withId(Message.Builder command, FieldDescriptor field) {
    Message.Builder part = command.newBuilderForField(field);
    return part.setField(part.getDescriptorForType().findFieldByName("stream_id"), "s").build();
  }
}
