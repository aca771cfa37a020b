package org.osprey.coordinator.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  @Test
  void noArgumentsAreTheDefaults() {
    assertEquals(new Arguments(null, null, false, false), parse());
  }

  @Test
  void allArgumentsInAnyOrder() {
    Arguments expected = new Arguments(Path.of("a.yaml"), Path.of("ready"), true, true);
    assertEquals(
        expected, parse("--config", "a.yaml", "--ready-file", "ready", "--print-config", "--help"));
    assertEquals(
        expected, parse("-h", "--print-config", "--ready-file", "ready", "--config", "a.yaml"));
  }

  @Test
  void theLastOfTwoFilesCounts() {
    assertEquals(Path.of("b"), parse("--config", "a", "--config", "b").config());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--confg", "", "-c", "start", "--config=a.yaml", "--Help"})
  void whatIsUnknownIsNamed(String argument) {
    assertEquals("unknown argument: " + argument, problem(argument));
  }

  @ParameterizedTest
  @CsvSource({"--config", "--ready-file"})
  void aFileThatIsMissingIsAskedFor(String argument) {
    assertEquals(argument + " needs a file", problem("--print-config", argument));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--config", "--print-config", "--ready-file", "--help"})
  void theUsageNamesEveryArgument(String argument) {
    assertTrue(Arguments.USAGE.startsWith("usage: coordinator "));
    assertTrue(Arguments.USAGE.contains("[" + argument));
  }

  private static Arguments parse(String... arguments) {
    return Arguments.parse(List.of(arguments));
  }

  private static String problem(String... arguments) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> parse(arguments)).getMessage());
  }
}
