package org.osprey.coordinator.core;

import java.util.Arrays;
import java.util.List;

/**
 * Which actions a worker takes: globs in which {@code *} stands for any characters, none included.
 */
public record ActionNames(List<String> globs) {

  /** Every action. */
  public static final ActionNames ALL = new ActionNames(List.of("*"));

  private static final int MAX_GLOBS = 100;
  private static final int MAX_LENGTH = 200;

  public ActionNames {
    if (globs.isEmpty()) {
      throw new IllegalArgumentException("no action names given, want at least one glob");
    }
    requireSmall(globs);
    globs = globs.stream().distinct().sorted().toList();
    if (globs.contains("*")) {
      globs = List.of("*");
    }
  }

  /** Every action that arrives is held against them, and they come from workers. */
  private static void requireSmall(List<String> globs) {
    if (globs.size() > MAX_GLOBS) {
      throw new IllegalArgumentException(
          "%d action names given, want at most %d".formatted(globs.size(), MAX_GLOBS));
    }
    for (String glob : globs) {
      if (glob.length() > MAX_LENGTH) {
        throw new IllegalArgumentException(
            "an action name of %d characters given, want at most %d"
                .formatted(glob.length(), MAX_LENGTH));
      }
    }
  }

  /** Reads globs separated by commas. */
  public static ActionNames parse(String text) {
    return new ActionNames(
        Arrays.stream(text.split(",", -1))
            .map(String::strip)
            .filter(glob -> !glob.isEmpty())
            .toList());
  }

  public boolean matches(String name) {
    for (int i = 0; i < globs.size(); i++) {
      if (matches(globs.get(i), name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every name that the other matches is matched here too, by one glob for each of its. */
  public boolean includes(ActionNames other) {
    return other.globs.stream()
        .allMatch(theirs -> globs.stream().anyMatch(ours -> matches(ours, theirs)));
  }

  /** Linear in both lengths but for backing up to the last star, so a hostile glob costs little. */
  private static boolean matches(String glob, String name) {
    int g = 0;
    int n = 0;
    int star = -1;
    int resume = 0;
    while (n < name.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        resume = n;
        if (g == glob.length()) {
          return true;
        }
      } else if (g < glob.length() && glob.charAt(g) == name.charAt(n)) {
        g++;
        n++;
      } else if (star >= 0) {
        g = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }
}
