package org.osprey.coordinator.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorableTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain ü \n\t\"quoted\"",
        "\uD83D\uDE00",
        "a\u0000b",
        "\u0000",
        "\uD83D",
        "x\uDE00y",
        "\uDE00\uD83D",
        "C:\\temp\\",
        "\\0000",
        "\\\\",
        "\\\u0000\\"
      })
  void comesBackAsItWas(String text) {
    assertEquals(text, StorableText.unescape(StorableText.escape(text)));
  }

  @Test
  void onlyWhatCannotBeStoredLooksDifferent() {
    assertEquals("user_login ü \uD83D\uDE00", StorableText.escape("user_login ü \uD83D\uDE00"));
    assertEquals("a\\0000b\\d83dc\\\\", StorableText.escape("a\u0000b\uD83Dc\\"));
  }
}
