package org.osprey.coordinator.ctl.command;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Credentials;
import org.osprey.coordinator.ctl.api.NamedFile;
import org.osprey.coordinator.ctl.api.TlsFiles;
import org.osprey.coordinator.ctl.console.Failure;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options that every command has: which coordinator, and how to prove who asks. */
final class Connection {
  private static final String USUAL_URL = "http://localhost:19952";
  private static final String URL_VARIABLE = "OSPREY_COORDINATOR_URL";
  private static final String TOKEN_VARIABLE = "OSPREY_COORDINATOR_TOKEN_FILE";
  private static final String CA_VARIABLE = "OSPREY_COORDINATOR_CA_FILE";

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "HTTP port of the coordinator; otherwise%n" + URL_VARIABLE + ",%notherwise " + USUAL_URL)
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Holds the token to sign in with; otherwise%n" + TOKEN_VARIABLE)
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "Authorities to trust with https; otherwise%n" + CA_VARIABLE)
  private @Nullable Path caFile;

  @Option(
      names = "--certificate",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "Chain to show to a coordinator that wants one.")
  private @Nullable Path certificate;

  @Option(
      names = "--key",
      paramLabel = "PEM",
      scope = ScopeType.INHERIT,
      description = "Its key, PKCS #8 without a password.")
  private @Nullable Path key;

  URI url(Map<String, String> environment) {
    String variable = environment.getOrDefault(URL_VARIABLE, "");
    if (url != null) {
      return parsed("--url", url);
    }
    return variable.isBlank() ? URI.create(USUAL_URL) : parsed(URL_VARIABLE, variable);
  }

  /** Reads the token. */
  Credentials credentials(Map<String, String> environment) {
    return new Credentials(
        named("--token-file", tokenFile, TOKEN_VARIABLE, environment),
        new TlsFiles(
            named("--ca-file", caFile, CA_VARIABLE, environment),
            certificate == null ? null : new NamedFile("--certificate", certificate),
            key == null ? null : new NamedFile("--key", key)));
  }

  private static @Nullable NamedFile named(
      String option, @Nullable Path given, String variable, Map<String, String> environment) {
    if (given != null) {
      return new NamedFile(option, given);
    }
    String path = environment.getOrDefault(variable, "");
    return path.isBlank() ? null : new NamedFile(variable, Path.of(path));
  }

  private static URI parsed(String name, String text) {
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawQuery() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Said below, as for whatever else is no such URL.
    }
    throw Failure.usage("%s: want a URL such as %s, got '%s'".formatted(name, USUAL_URL, text));
  }
}
