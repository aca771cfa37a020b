package org.osprey.coordinator.settings;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value as it was written, before anything knows its type. Immutable. */
public sealed interface Setting {

  Origin origin();

  /** What it is, for people. */
  String kind();

  /** This as if nobody had written it. */
  Setting builtIn();

  record Scalar(String text, Origin origin) implements Setting {
    @Override
    public Setting builtIn() {
      return new Scalar(text, Origin.BUILT_IN);
    }

    @Override
    public String kind() {
      return "a single value";
    }
  }

  record Items(List<Setting> items, Origin origin) implements Setting {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public Setting builtIn() {
      return new Items(items.stream().map(Setting::builtIn).toList(), Origin.BUILT_IN);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A key without a value: what lies under it stays. */
  record Blank(Origin origin) implements Setting {
    @Override
    public Setting builtIn() {
      return new Blank(Origin.BUILT_IN);
    }

    @Override
    public String kind() {
      return "nothing";
    }
  }

  /** Keys and values in the order they were written. */
  record Section(Map<String, Setting> entries, Origin origin) implements Setting {
    public static final Section EMPTY = new Section(Map.of(), Origin.BUILT_IN);

    public Section {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public String kind() {
      return "a section";
    }

    /** This with {@code upper} laid over it: sections merge, anything else is replaced. */
    public Section under(Section upper) {
      Map<String, Setting> merged = new LinkedHashMap<>(entries);
      upper.entries.forEach((key, value) -> merged.merge(key, value, Section::lay));
      return new Section(merged, upper.origin);
    }

    @Override
    public Section builtIn() {
      Map<String, Setting> entries = new LinkedHashMap<>();
      this.entries.forEach((key, value) -> entries.put(key, value.builtIn()));
      return new Section(entries, Origin.BUILT_IN);
    }

    /**
     * This with the value at {@code path}. Where a part of the path is no section, nothing changes:
     * that mistake is found when it is bound.
     */
    public Section with(List<String> path, Setting value) {
      String key = path.getFirst();
      if (path.size() == 1) {
        return put(key, value);
      }
      return entries.get(key) instanceof Section section
          ? put(key, section.with(path.subList(1, path.size()), value))
          : this;
    }

    /** Where the value at {@code path} was written, or else the innermost section around it. */
    public Origin originOf(List<String> path) {
      Setting child = path.isEmpty() ? null : entries.get(path.getFirst());
      if (child instanceof Section section) {
        return section.originOf(path.subList(1, path.size()));
      }
      return child == null ? origin : child.origin();
    }

    private Section put(String key, Setting value) {
      Map<String, Setting> changed = new LinkedHashMap<>(entries);
      changed.put(key, value);
      return new Section(changed, origin);
    }

    private static Setting lay(Setting lower, Setting upper) {
      if (upper instanceof Blank) {
        return lower;
      }
      return lower instanceof Section below && upper instanceof Section above
          ? below.under(above)
          : upper;
    }
  }
}
