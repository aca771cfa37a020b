package org.osprey.coordinator.collectors.builtin.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osprey.coordinator.collectors.builtin.web.FetchException;

/** What tells the kubelet who asks. */
final class Token {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");

  private final KubeletConfig config;

  Token(KubeletConfig config) {
    this.config = config;
  }

  /** The header with it, as it is now; none when there is no token. */
  Map<String, String> header() throws FetchException {
    String token = config.token().isEmpty() ? read() : config.token();
    return token.isEmpty() ? Map.of() : Map.of("Authorization", "Bearer " + token);
  }

  private String read() throws FetchException {
    boolean own = !config.tokenFile().isEmpty();
    Path file = own ? Path.of(config.tokenFile()) : SERVICE_ACCOUNT;
    if (!own && !Files.isReadable(file)) {
      return "";
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new FetchException("token_file: cannot read " + file);
    }
  }
}
