package org.osprey.coordinator.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Messages of the original orchestrator service, by name; {@code golden/make.py} makes them. */
public final class GoldenVectors {
  private static final Map<String, byte[]> VECTORS = load();

  private GoldenVectors() {}

  public static byte[] get(String name) {
    return Objects.requireNonNull(VECTORS.get(name), name).clone();
  }

  static int count() {
    return VECTORS.size();
  }

  private static Map<String, byte[]> load() {
    try (InputStream in = GoldenVectors.class.getResourceAsStream("/golden/messages.hex")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      return text.lines()
          .map(line -> line.split(" ", 2))
          .collect(Collectors.toMap(parts -> parts[0], parts -> HexFormat.of().parseHex(parts[1])));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
