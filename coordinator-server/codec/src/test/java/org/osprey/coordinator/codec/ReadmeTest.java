package org.osprey.coordinator.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples in the README are messages as they may come. */
class ReadmeTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("\\| (hex )?`([^`]+)`[^|]*\\|$", Pattern.MULTILINE);

  @Test
  void examplesDecode() throws IOException, UndecodableException {
    List<MatchResult> examples =
        EXAMPLE.matcher(Files.readString(Path.of("README.md"))).results().toList();
    assertEquals(5, examples.size(), "one for each form");
    for (MatchResult example : examples) {
      byte[] message = message(example);
      Decoding.decode(message, message[0] == 0x09 ? "proto" : null);
    }
  }

  private static byte[] message(MatchResult example) {
    return example.group(1) == null
        ? example.group(2).getBytes(UTF_8)
        : HexFormat.of().parseHex(example.group(2).replace(" ", ""));
  }
}
