package org.osprey.coordinator.settings;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Keeps secrets out of what is printed. */
public final class Secrets {
  private static final String MASK = "***";
  private static final List<String> WORDS =
      List.of("password", "secret", "jaas", "token", "key", "authorization", "cookie");

  /** Where a secret is, but not the secret. */
  private static final List<String> NO_SECRETS = List.of("file", "uri");

  private static final Pattern USER_INFO = Pattern.compile("://[^/@\\s]*@");

  private Secrets() {}

  /** The value as it may be shown: a secret by its path is hidden, so is a user in a URL. */
  public static String masked(String path, String value) {
    if (value.isEmpty() || !isSecret(path)) {
      return USER_INFO.matcher(value).replaceAll("://" + MASK + "@");
    }
    return MASK;
  }

  private static boolean isSecret(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    return NO_SECRETS.stream().noneMatch(lower::endsWith)
        && WORDS.stream().anyMatch(lower::contains);
  }
}
