package org.osprey.coordinator.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({
    "0B, 0, 0B",
    "512B, 512, 512B",
    "1KB, 1000, 1KB",
    "16KiB, 16384, 16KiB",
    "64MB, 64000000, 64MB",
    "64MiB, 67108864, 64MiB",
    "1024 MiB, 1073741824, 1GiB",
    "3GB, 3000000000, 3GB",
    "9223372036854775807B, 9223372036854775807, 9223372036854775807B",
  })
  void sizes(String text, long bytes, String shown) {
    ByteSize size = ByteSize.parse(text);
    assertEquals(bytes, size.bytes());
    assertEquals(shown, size.toString());
    assertEquals(size, ByteSize.parse(shown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "-1B",
        "1.5MB",
        "1mb",
        "MB",
        "9223372036854775808B",
        "9223372036854775807KB"
      })
  void notSizes(String text) {
    assertThrows(IllegalArgumentException.class, () -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0ms, 0, 0s",
    "500ms, 500, 500ms",
    "1000ms, 1000, 1s",
    "90s, 90000, 90s",
    "60s, 60000, 1m",
    "90 m, 5400000, 90m",
    "1h, 3600000, 1h",
    "8760h, 31536000000, 8760h",
  })
  void durations(String text, long millis, String shown) {
    Duration duration = Durations.parse(text);
    assertEquals(Duration.ofMillis(millis), duration);
    assertEquals(shown, Durations.format(duration));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "-5s", "5S", "1d", "PT5S", "1.5s", "8761h", "999999999999999999999s"})
  void notDurations(String text) {
    assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ByteSize(-1));
  }
}
