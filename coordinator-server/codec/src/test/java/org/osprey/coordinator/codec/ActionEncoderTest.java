package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Action.Encoding;

class ActionEncoderTest {
  @Test
  void keepsPayloadAndSecretByteForByte() {
    assertEquals(
        "{\"id\":\"18446744073709551615\",\"name\":\"login\",\"data\":{ \"a\" : 1.0 },"
            + "\"secret_data\":{\"b\":2}}",
        text(action(-1, "login", "{ \"a\" : 1.0 }", "{\"b\":2}")));
  }

  @Test
  void leavesAMissingSecretOut() {
    assertEquals(
        "{\"id\":\"7\",\"name\":\"login\",\"data\":{}}", text(action(7, "login", "{}", null)));
  }

  @Test
  void quotesNames() {
    assertEquals(
        "{\"id\":\"7\",\"name\":\"a\\\"b\\\\é\\n\",\"data\":{}}",
        text(action(7, "a\"b\\é\n", "{}", null)));
  }

  @Test
  void leavesProtoAsItIs() {
    byte[] payload = {1, 2, 3};
    Action action = new Action(7, "login", Encoding.PROTO, payload, new byte[0], Instant.EPOCH);

    assertArrayEquals(payload, ActionEncoder.encode(action));
  }

  @Test
  void keepsTheTimeWhereItIsAskedTo() throws UndecodableException {
    Instant happenedAt = Instant.parse("2001-02-03T04:05:06.789012345Z");
    byte[] payload = "{ \"action_name\" : 1.0 }".getBytes(UTF_8);
    byte[] secret = "{\"b\":2}".getBytes(UTF_8);
    Action sent = new Action(-1, "a\"b", Encoding.JSON, payload, secret, happenedAt);
    Action read = Decoding.decode(ActionEncoder.encodeWithTime(sent));
    Decoding.assertAction(read, "18446744073709551615", "a\"b", "{ \"action_name\" : 1.0 }");
    assertEquals("{\"b\":2}", Decoding.secret(read));
    assertEquals(happenedAt, read.timestamp());
  }

  private static String text(Action action) {
    return new String(ActionEncoder.encode(action), UTF_8);
  }

  private static Action action(long id, String name, String data, @Nullable String secret) {
    return new Action(
        id,
        name,
        Encoding.JSON,
        data.getBytes(UTF_8),
        secret == null ? null : secret.getBytes(UTF_8),
        Instant.EPOCH);
  }
}
