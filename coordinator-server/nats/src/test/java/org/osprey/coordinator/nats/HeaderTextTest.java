package org.osprey.coordinator.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", " a ", "100%", "%41", "ü€😀", "\r\n\0\t", "a:b", "%"})
  void comesBackAsItWas(String text) {
    assertEquals(text, HeaderText.decode(HeaderText.encode(text)));
    assertEquals(text, HeaderText.decode(HeaderText.encodeName(text)));
    assertTrue(HeaderText.encode(text).matches("([!-~]([ -~]*[!-~])?)?"));
    assertTrue(HeaderText.encodeName(text).matches("[!-9;-~]*"));
  }

  @ParameterizedTest
  @CsvSource({"is not a number,is not a number", "a%zz,a%zz", "a%4,a%4", "a%,a%"})
  void plainTextStaysReadable(String encoded, String decoded) {
    assertEquals(decoded, HeaderText.decode(encoded));
  }

  @Test
  void onlyWhatHasToIsEscaped() {
    assertEquals("is not a number", HeaderText.encode("is not a number"));
    assertEquals("%C3%BC 5%25", HeaderText.encode("ü 5%"));
  }
}
