package org.osprey.coordinator.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.osprey.coordinator.ctl.text.Table.Column.left;
import static org.osprey.coordinator.ctl.text.Table.Column.right;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;
import org.osprey.coordinator.ctl.text.Style;
import org.osprey.coordinator.ctl.text.Style.Tone;
import org.osprey.coordinator.ctl.text.Table;

class TableTest {

  @Test
  void columnsAreAligned() {
    Table table = new Table(left("NAME"), right("COUNT"), left("DETAIL"));
    table.row("a", "1", "x").row("longer", "12345", "");
    assertEquals(
        List.of("NAME    COUNT  DETAIL", "a           1  x", "longer  12345"),
        table.lines(0, Style.PLAIN));
  }

  @Test
  void theWidestColumnsGiveWay() {
    Table table = new Table(left("NAME"), left("DETAIL"));
    table.row("short", "a detail that goes on and on");
    List<String> lines = table.lines(20, Style.PLAIN);
    assertEquals(List.of("NAME   DETAIL", "short  a detail tha…"), lines);
  }

  @Test
  void aTableThatCannotFitStaysReadable() {
    Table table = new Table(left("ONE"), left("TWO"));
    table.row("abcdefgh", "abcdefgh");
    assertEquals(List.of("ONE   TWO", "abc…  abc…"), table.lines(3, Style.PLAIN));
  }

  @Test
  void whatATerminalWouldObeyIsTakenOut() {
    Table table = new Table(left("NAME"));
    table.row("a\u001b[2J\nb\u202ec");
    assertEquals("a?[2J?b?c", table.lines(0, Style.PLAIN).get(1));
  }

  @Test
  void coloursDoNotCountAsWidth() {
    Table table = new Table(left("A"), left("B"));
    table.row(Cell.of("bad", Tone.BAD), Cell.of("x"));
    assertEquals("\u001b[31mbad\u001b[0m  x", table.lines(0, Style.COLOURED).get(1));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "999, 999",
    "1000, 1 k",
    "1234, 1.2 k",
    "99949, 100 k",
    "999499, 999 k",
    "999500, 1 M",
    "1234567, 1.2 M",
    "9223372036854775807, 9.2 E"
  })
  void counts(long number, String text) {
    assertEquals(text, Human.count(number));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1 KiB", "1536, 1.5 KiB", "67108864, 64 MiB"})
  void bytes(long number, String text) {
    assertEquals(text, Human.bytes(number));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 s",
    "0.0000123, 12 µs",
    "0.00012, 0.1 ms",
    "0.0123, 12 ms",
    "0.9996, 1 s",
    "3.25, 3.3 s",
    "59.96, 1m 0s",
    "200, 3m 20s",
    "7500, 2h 5m",
    "100800, 1d 4h"
  })
  void durations(double seconds, String text) {
    assertEquals(text, Human.seconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"0, 0/s", "0.25, 0.3/s", "12.3, 12/s", "1234, 1.2 k/s"})
  void rates(double perSecond, String text) {
    assertEquals(text, Human.rate(perSecond));
  }
}
