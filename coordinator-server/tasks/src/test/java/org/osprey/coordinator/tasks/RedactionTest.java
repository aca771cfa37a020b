package org.osprey.coordinator.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
  private final Redaction redaction = new Redaction(List.of("ssn", "card.no"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"ssn\":\"1\",\"a\":1.50} | {\"ssn\":\"***\",\"a\":1.50}",
        "[{\"a\":[{\"SSN\":{\"b\":1}}]}] | [{\"a\":[{\"SSN\":\"***\"}]}]",
        "{\"\\u0073sn\":null,\"ssn2\":1} | {\"ssn\":\"***\",\"ssn2\":1}",
        "{\"card.no\":7,\"cardxno\":8} | {\"card.no\":\"***\",\"cardxno\":8}",
        "\"ssn\" | \"ssn\"",
      })
  void valuesOfJsonAreHidden(String json, String shown) {
    assertEquals(shown, redaction.json(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "status 400: {\"ssn\": \"1 \\\" 2\", \"a\": 3} | status 400: {\"ssn\": \"***\", \"a\": 3}",
        "status 400: {\"Ssn\":12,\"a\":3} | status 400: {\"Ssn\":\"***\",\"a\":3}",
        "status 400: {\"ssn\":\"12-34 | status 400: {\"ssn\":\"***\"",
        "status 400: {\"ssn\":[1,{\"a\":2}],\"b\":3} | status 400: {\"ssn\":\"***\"",
        "status 400: no ssn | status 400: no ssn",
      })
  void valuesInWordsAreHidden(String text, String shown) {
    assertEquals(shown, redaction.text(text));
  }

  @Test
  void nothingStaysNothing() {
    assertNull(redaction.json(null));
    assertNull(redaction.text(null));
    assertNull(redaction.value("ssn", null));
    assertEquals("***", redaction.value("SSN", "1"));
    assertEquals("1", redaction.value("other", "1"));
  }

  @Test
  void withoutNamesEverythingIsShownAsItIs() {
    Redaction none = new Redaction(List.of());
    assertEquals("{ \"ssn\": 1 }", none.json("{ \"ssn\": 1 }"));
    assertEquals("{\"ssn\":1}", none.text("{\"ssn\":1}"));
  }
}
