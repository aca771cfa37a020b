package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ActionLinesTest {
  private static final int LONGEST = 40_000;

  @Test
  void linesAreWhatIsBetweenTheirEnds() throws IOException {
    assertEquals(List.of("1:a", "3:b", "4:c\r"), read("a\n\nb\nc\r", 10, 1));
    assertEquals(List.of("1:a"), read("a\n", 10, 7));
    assertEquals(List.of(), read("", 10, 1));
    assertEquals(List.of(), read(" \t\r\n\n", 10, 1));
    assertEquals(List.of("3: x"), read("\n \n x", 10, 1));
  }

  @Test
  void aLineThatIsTooLongIsPassedOver() throws IOException {
    assertEquals(List.of("1:abc", "2:null", "3:e"), read("abc\nabcd\ne", 3, 2));
    assertEquals(List.of("1:null"), read("abcd", 3, 1));
    assertEquals(List.of("1:null", "2:b"), read("x".repeat(100_000) + "\nb\n", LONGEST, 9999));
  }

  @Test
  void itDoesNotMatterHowTheBodyComes() throws IOException {
    Random random = new Random(1);
    StringBuilder body = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 300; i++) {
      int length = random.nextInt(10) == 0 ? random.nextInt(2 * LONGEST) : random.nextInt(50);
      String line = "x".repeat(length);
      body.append(line).append('\n');
      if (length > 0) {
        expected.add(i + ":" + (length > LONGEST ? "null" : line));
      }
    }
    for (int piece : new int[] {1, 17, 16 * 1024, 1 << 20}) {
      assertEquals(expected, read(body.toString(), LONGEST, piece));
    }
  }

  /**
   * @param piece most bytes of one read
   */
  private static List<String> read(String body, int longest, int piece) throws IOException {
    InputStream whole = new ByteArrayInputStream(body.getBytes(UTF_8));
    InputStream inPieces =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return whole.read();
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return whole.read(bytes, offset, Math.min(piece, length));
          }
        };
    ActionLines lines = new ActionLines(inPieces, longest);
    List<String> read = new ArrayList<>();
    for (ActionLines.Line line = lines.next(); line != null; line = lines.next()) {
      byte[] bytes = line.bytes();
      read.add(line.number() + ":" + (bytes == null ? null : new String(bytes, UTF_8)));
    }
    return read;
  }
}
