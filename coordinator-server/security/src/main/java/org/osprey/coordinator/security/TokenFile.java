package org.osprey.coordinator.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file with one bearer token a line; empty lines and those that begin with # are passed over. */
final class TokenFile {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MIN_LENGTH = 16;

  private TokenFile() {}

  /**
   * @throws IOException naming the file, never what is in it
   */
  static List<Digest> read(Path file) throws IOException {
    List<String> tokens =
        text(file)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .toList();
    if (tokens.isEmpty()) {
      throw new IOException(file + ": has no token");
    }
    if (tokens.stream().anyMatch(TokenFile::isWeak)) {
      throw new IOException(
          "%s: a token is too short or has characters that no header may have, want at least %d of ASCII without spaces"
              .formatted(file, MIN_LENGTH));
    }
    return tokens.stream().map(Digest::of).toList();
  }

  private static String text(Path file) throws IOException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("has more than %d bytes".formatted(MAX_BYTES));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IOException("%s: can't be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static boolean isWeak(String token) {
    return token.length() < MIN_LENGTH || !token.chars().allMatch(c -> c > ' ' && c < 127);
  }
}
