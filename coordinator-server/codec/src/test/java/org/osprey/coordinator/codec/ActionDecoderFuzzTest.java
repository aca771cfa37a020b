package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.core.Action;

/** Good messages are bent at random, from a seed that a failure names. */
class ActionDecoderFuzzTest {
  private static final int ROUNDS = 60_000;

  /** Far over what the largest message takes, far under what anything quadratic would. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final List<byte[]> GOOD =
      List.of(
          """
          {"id":"123","name":"n","data":{"a":[1,2.5e3,"\\u00e9",null]},"secret_data":{"s":{}}}"""
              .getBytes(UTF_8),
          """
          {"send_time":"2024-02-29T00:00:00Z","data":{"action_id":1,"action_name":"n","data":{}}}"""
              .getBytes(UTF_8),
          hex("b67b226e616d65223a226e222c2264617461223a7b7d7d"),
          hex(
              "84a26964cfffffffffffffffffa46e616d65a16ea46461746185a161c0a16292c2cb3fb999999999999a"
                  + "a163d38000000000000000a16481a165a0a166cd0102a17892c40100d6ff00000000"),
          hex("09010000000000008042040102030472026869"));

  @Test
  void startsWithGoodMessages() throws UndecodableException {
    for (byte[] message : GOOD) {
      Decoding.decode(message, encoding(message));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_121})
  void actionOrReason(long seed) {
    Random random = new Random(seed);
    int[] decoded = {0};
    assertTimeoutPreemptively(
        LONGEST,
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            byte[] seeded = GOOD.get(round % GOOD.size());
            decoded[0] += decodes(bent(seeded, random), encoding(seeded), seed) ? 1 : 0;
          }
        });
    assertTrue(decoded[0] > ROUNDS / 100, "hardly any message survived: " + decoded[0]);
    assertTrue(decoded[0] < ROUNDS * 9 / 10, "hardly any message broke: " + decoded[0]);
  }

  @Test
  void largeMessagesTakeLinearTime() {
    List<byte[]> messages = new ArrayList<>();
    for (String unit :
        List.of("{", "[", "{\"a\":", "\"", "\\", "{\"data\":", "1", "é", " ", "{}")) {
      messages.add(("{\"name\":\"n\",\"data\":{\"a\":" + unit.repeat(1 << 20)).getBytes(UTF_8));
      messages.add(unit.repeat(1 << 20).getBytes(UTF_8));
    }
    for (int first = 0; first < 256; first++) {
      byte[] message = new byte[1 << 18];
      Arrays.fill(message, (byte) first);
      messages.add(message);
    }
    messages.add(("{" + "\"data\":{\"data\":{}},".repeat(100_000)).getBytes(UTF_8));
    assertTimeoutPreemptively(
        LONGEST,
        () -> {
          for (byte[] message : messages) {
            decodes(message, null, 0);
            decodes(message, "proto", 0);
          }
        });
  }

  private static boolean decodes(byte[] message, @Nullable String encoding, long seed) {
    try {
      checkPayload(Decoding.decode(message, encoding));
      return true;
    } catch (UndecodableException expected) {
      return false;
    } catch (RuntimeException | Error e) {
      String start = HexFormat.of().formatHex(message, 0, Math.min(message.length, 500));
      return fail("seed=" + seed + " encoding=" + encoding + " message=" + start, e);
    }
  }

  /** What a decoder lets through, the check of the other entrances must let through, too. */
  private static void checkPayload(Action action) throws UndecodableException {
    if (action.encoding() == Action.Encoding.PROTO) {
      return;
    }
    try {
      JsonObjects.check(action.payload());
    } catch (UndecodableException e) {
      throw new AssertionError("decoded a payload that " + e.getMessage(), e);
    }
  }

  private static byte[] bent(byte[] message, Random random) {
    byte[] bent = message.clone();
    for (int change = random.nextInt(4); change >= 0; change--) {
      bent = bentOnce(bent, random);
    }
    return bent;
  }

  private static byte[] bentOnce(byte[] message, Random random) {
    if (message.length == 0) {
      return message;
    }
    int place = random.nextInt(message.length);
    return switch (random.nextInt(5)) {
      case 0 -> with(message, place, (byte) random.nextInt(256));
      case 1 -> with(message, place, (byte) (message[place] ^ 1 << random.nextInt(8)));
      case 2 -> Arrays.copyOf(message, place);
      case 3 -> joined(message, place, random.nextInt(message.length));
      default -> with(message, place, message[random.nextInt(message.length)]);
    };
  }

  private static byte[] with(byte[] message, int place, byte value) {
    byte[] changed = message.clone();
    changed[place] = value;
    return changed;
  }

  /** The start up to one place and the end from another, so that runs vanish or come twice. */
  private static byte[] joined(byte[] message, int end, int start) {
    byte[] joined = Arrays.copyOf(message, end + message.length - start);
    System.arraycopy(message, start, joined, end, message.length - start);
    return joined;
  }

  private static @Nullable String encoding(byte[] message) {
    return message[0] == 0x09 ? "proto" : null;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
