package org.osprey.coordinator.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * Where a database is, read from the setting {@code url} of a group. Error messages never repeat a
 * password.
 */
sealed interface DatabaseUrl {

  /** The setting and its value without secrets, for people. */
  String place();

  /** The embedded database. */
  record Sqlite(Path file, String place) implements DatabaseUrl {}

  /**
   * The shared database.
   *
   * @param jdbc as the driver takes it; may hold a password
   * @param user empty when {@code jdbc} has it, or nobody
   */
  record Postgres(String jdbc, String user, String password, String place) implements DatabaseUrl {
    @Override
    public String toString() {
      return place;
    }
  }

  /**
   * @param file for an empty {@code url}
   * @throws IllegalArgumentException naming the setting
   */
  static DatabaseUrl of(String url, Path file) {
    String text = url.strip();
    if (text.isEmpty()) {
      return new Sqlite(file.toAbsolutePath(), "database.file=" + file);
    }
    return of("database", text);
  }

  /**
   * @param group of settings that {@code text} is the url of
   * @throws IllegalArgumentException naming the setting
   */
  static DatabaseUrl of(String group, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:postgresql:")) {
      return postgres(group, text, "", "");
    }
    if (lower.startsWith("jdbc:sqlite:") || lower.startsWith("sqlite:")) {
      return sqlite(group, text.substring(lower.indexOf("sqlite:") + "sqlite:".length()));
    }
    return Grammar.parse(group, text);
  }

  private static DatabaseUrl sqlite(String group, String path) {
    String name = path.startsWith("//") ? path.substring(2) : path;
    if (name.isBlank() || name.startsWith(":") || name.startsWith("file:") || name.contains("?")) {
      throw Grammar.invalid(group, "sqlite: wants the path of a file and nothing else");
    }
    try {
      return new Sqlite(Path.of(name).toAbsolutePath(), group + ".url=sqlite:" + name);
    } catch (InvalidPathException e) {
      throw Grammar.invalid(group, "sqlite: wants the path of a file");
    }
  }

  private static Postgres postgres(String group, String jdbc, String user, String password) {
    if (jdbc.replaceFirst("\\?.*", "").contains("@")) {
      // The driver would take it for a port, and log it.
      throw Grammar.invalid(
          group, "jdbc:postgresql: wants user and password behind the question mark");
    }
    Properties parts = Driver.parseURL(jdbc, null);
    if (parts == null) {
      throw Grammar.invalid(group, "got a PostgreSQL address that cannot be read");
    }
    return new Postgres(jdbc, user, password, group + ".url=" + shown(parts));
  }

  private static String shown(Properties parts) {
    List<String> hosts = List.of(parts.getProperty("PGHOST", "localhost").split(","));
    List<String> ports = List.of(parts.getProperty("PGPORT", "5432").split(","));
    List<String> servers = new ArrayList<>();
    for (int i = 0; i < hosts.size(); i++) {
      servers.add(hosts.get(i) + ":" + ports.get(Math.min(i, ports.size() - 1)));
    }
    return "postgresql://%s/%s"
        .formatted(String.join(",", servers), parts.getProperty("PGDBNAME", ""));
  }

  /** The form libpq and hosting platforms use; frameworks put their driver behind a plus sign. */
  final class Grammar {
    private static final Pattern URL =
        Pattern.compile(
            "postgres(?:ql)?(?:\\+\\w+)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?(?<rest>[^@]*)",
            Pattern.CASE_INSENSITIVE);

    private Grammar() {}

    private static DatabaseUrl parse(String group, String text) {
      Matcher url = URL.matcher(text);
      if (!url.matches()) {
        throw invalid(
            group, text.startsWith("postgres") ? "cannot read it" : "got " + scheme(text));
      }
      String rest = driverNames(url.group("rest"));
      return postgres(
          group,
          "jdbc:postgresql://" + rest,
          decoded(group, url.group("user")),
          decoded(group, url.group("password")));
    }

    /** libpq's names of what the driver has under another name. */
    private static String driverNames(String rest) {
      String withPath = rest.contains("/") ? rest : rest.replaceFirst("\\?|$", "/$0");
      return withPath
          .replaceFirst("([?&])application_name=", "$1ApplicationName=")
          .replaceFirst("([?&])connect_timeout=", "$1connectTimeout=")
          .replaceFirst("([?&])channel_binding=", "$1channelBinding=");
    }

    private static String decoded(String group, @Nullable String part) {
      if (part == null) {
        return "";
      }
      try {
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
      } catch (IllegalArgumentException e) {
        // Without the cause, which repeats the part.
        throw invalid(group, "has a '%' in user or password that is no escape; write %25 for it");
      }
    }

    private static String scheme(String text) {
      int colon = text.indexOf(':');
      return colon < 0 ? "no scheme" : "the scheme " + text.substring(0, colon);
    }

    private static IllegalArgumentException invalid(String group, String what) {
      return new IllegalArgumentException(
          group
              + ".url must be postgres://user:password@host:port/database, jdbc:postgresql:..."
              + " or sqlite:file, with special characters of the password percent-encoded; "
              + what);
    }
  }
}
