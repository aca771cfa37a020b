package org.osprey.coordinator.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Names of settings: how they nest, and which one somebody meant to write. */
public final class Names {
  private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

  private Names() {}

  /** The path of a key within a section; the path of the tree itself is empty. */
  public static String child(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  public static Optional<String> nearest(String written, Collection<String> valid) {
    return valid.stream().min(Comparator.comparingInt(name -> distance(written, name)));
  }

  /** Edits between the two; case does not count. */
  public static int distance(String one, String other) {
    return DISTANCE.apply(one.toLowerCase(Locale.ROOT), other.toLowerCase(Locale.ROOT));
  }
}
