package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Failure;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Reads {@code --data}: the JSON itself, {@code @file}, or {@code -} for stdin. */
final class Payload {
  private Payload() {}

  /**
   * The bytes as they were given; {@code {}} for null.
   *
   * @throws Failure when they are no JSON object, or can't be read
   */
  static byte[] read(@Nullable String data, Console console) throws IOException {
    byte[] bytes = bytes(data == null ? "{}" : data, console);
    try {
      if (!Json.isObject(bytes)) {
        throw Failure.usage("--data: want a JSON object, such as {\"user_id\":\"user_123\"}");
      }
    } catch (JacksonException e) {
      TokenStreamLocation place = e.getLocation();
      throw Failure.usage(
          "--data: no JSON%s: %s"
              .formatted(
                  place == null
                      ? ""
                      : ", line %d column %d".formatted(place.getLineNr(), place.getColumnNr()),
                  e.getOriginalMessage().replaceAll("\\s+", " ")));
    }
    return bytes;
  }

  private static byte[] bytes(String data, Console console) throws IOException {
    if (data.equals("-")) {
      return console.in().readAllBytes();
    }
    return data.startsWith("@") ? file(data.substring(1)) : data.getBytes(UTF_8);
  }

  private static byte[] file(String name) {
    try {
      return Files.readAllBytes(Path.of(name));
    } catch (NoSuchFileException e) {
      throw Failure.usage("--data: there is no file " + name);
    } catch (IOException e) {
      throw Failure.usage(
          "--data: cannot read " + name + " (" + e.getClass().getSimpleName() + ")");
    }
  }
}
