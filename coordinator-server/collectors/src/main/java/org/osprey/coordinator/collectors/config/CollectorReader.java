package org.osprey.coordinator.collectors.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collectors.config.CollectorConfig.Made;
import org.osprey.coordinator.settings.Binder;
import org.osprey.coordinator.settings.KeyStyle;
import org.osprey.coordinator.settings.Mistakes;
import org.osprey.coordinator.settings.NamedSections;
import org.osprey.coordinator.settings.Names;
import org.osprey.coordinator.settings.Origin;
import org.osprey.coordinator.settings.RecordSettings;
import org.osprey.coordinator.settings.Setting;
import org.osprey.coordinator.settings.Setting.Blank;
import org.osprey.coordinator.settings.Setting.Section;
import org.osprey.coordinator.settings.UnknownKeys;

/** Reads one section under {@code collectors} after the other. */
final class CollectorReader {
  private static final String CONFIG = "config";
  private static final Section HEAD =
      RecordSettings.of(CollectorSection.DEFAULTS, KeyStyle.SNAKE_CASE);
  private static final Section RING = RecordSettings.of(RingConfig.DEFAULTS, KeyStyle.SNAKE_CASE);

  private final Kinds kinds;
  private final Mistakes mistakes;
  private final List<String> warnings;

  /**
   * @param written what the section was made of
   */
  record Read(CollectorConfig config, CollectorSection section, Section written) {}

  CollectorReader(Kinds kinds, Mistakes mistakes, List<String> warnings) {
    this.kinds = kinds;
    this.mistakes = mistakes;
    this.warnings = warnings;
  }

  Read read(String name, Section given) {
    String path = Names.child(CollectorsReader.COLLECTORS, name);
    String kindName = kindName(name, given);
    CollectorKind<?> kind = kinds.find(kindName);
    Section standard = kind == null ? RING : standard(kind);
    UnknownKeys unknown = new UnknownKeys(path, HEAD.under(section(CONFIG, standard)), mistakes);
    Section headWritten = HEAD.under(without(given, CONFIG));
    CollectorSection head =
        new Binder(
                path, KeyStyle.SNAKE_CASE, HEAD, new NamedSections(Empty.class), unknown, mistakes)
            .bind(CollectorSection.class, headWritten);
    checkEnabled(path, given);
    if (kind == null) {
      checkUnknown(path, kindName, given, head.enabled());
      return read(name, kindName, head, null, RingConfig.DEFAULTS, headWritten);
    }
    Section config = withoutIgnored(path, kind, configOf(path, given));
    Section layered = standard.under(config);
    int before = mistakes.count();
    RingConfig ring = ring(path, layered, unknown);
    Made made = new Made(kind, settings(path, kind, layered, unknown));
    if (head.enabled() && mistakes.count() == before) {
      refuse(Names.child(path, CONFIG), config.origin(), Trial.refusal(name, made));
    }
    return read(name, kindName, head, made, ring, headWritten.under(section(CONFIG, layered)));
  }

  private void refuse(String path, Origin origin, @Nullable String refusal) {
    if (refusal != null) {
      mistakes.at(path, origin, refusal);
    }
  }

  private static Read read(
      String name,
      String kindName,
      CollectorSection head,
      @Nullable Made made,
      RingConfig ring,
      Section written) {
    Map<String, Object> config = new LinkedHashMap<>();
    if (made != null) {
      config.put(RingConfig.KEY, ring.bufferSize());
      config.putAll(RecordSettings.values(made.settings(), KeyStyle.SNAKE_CASE));
    }
    return new Read(
        new CollectorConfig(
            name,
            head.enabled(),
            kindName,
            made,
            head.lane(ring.bufferSize()),
            head.onStartError()),
        head.with(kindName, config),
        written);
  }

  private RingConfig ring(String path, Section layered, UnknownKeys unknown) {
    Setting size = Objects.requireNonNull(layered.entries().get(RingConfig.KEY));
    return binder(path, RING, unknown)
        .bind(RingConfig.class, new Section(Map.of(RingConfig.KEY, size), layered.origin()));
  }

  private Record settings(
      String path, CollectorKind<?> kind, Section layered, UnknownKeys unknown) {
    Record defaults = kind.defaults();
    Section standard = RecordSettings.of(defaults, KeyStyle.SNAKE_CASE);
    Section own =
        standard.entries().containsKey(RingConfig.KEY) ? layered : without(layered, RingConfig.KEY);
    try {
      return binder(path, standard, unknown).bind(defaults.getClass(), own);
    } catch (IllegalStateException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      mistakes.at(Names.child(path, CONFIG), layered.origin(), "cannot be used: " + cause);
      return defaults;
    }
  }

  private Binder binder(String path, Section standard, UnknownKeys unknown) {
    return new Binder(
        Names.child(path, CONFIG),
        KeyStyle.SNAKE_CASE,
        standard,
        new NamedSections(Empty.class),
        unknown,
        mistakes);
  }

  private static String kindName(String name, Section given) {
    return given.entries().get("kind") instanceof Setting.Scalar(String text, var origin)
            && !text.isBlank()
        ? text
        : name;
  }

  private static Section standard(CollectorKind<?> kind) {
    return RING.under(RecordSettings.of(kind.defaults(), KeyStyle.SNAKE_CASE));
  }

  private Section configOf(String path, Section given) {
    Setting config = given.entries().getOrDefault(CONFIG, new Blank(given.origin()));
    if (config instanceof Section section) {
      return section;
    }
    if (!(config instanceof Blank)) {
      mistakes.at(
          Names.child(path, CONFIG), config.origin(), "got " + config.kind() + ", want a section");
    }
    return new Section(Map.of(), config.origin());
  }

  private void checkEnabled(String path, Section given) {
    if (!given.entries().containsKey("enabled")) {
      warnings.add(
          given.origin().name(path)
              + ": does not run, because enabled is not set; want true or false");
    }
  }

  private void checkUnknown(String path, String kindName, Section given, boolean enabled) {
    String what =
        "there is no kind \"%s\", did you mean %s?"
            .formatted(kindName, Names.nearest(kindName, kinds.names()).orElse("a plugin"));
    if (enabled) {
      mistakes.at(path, given.originOf(List.of("kind")), what);
    } else {
      warnings.add("%s: does not run, and %s".formatted(given.origin().name(path), what));
    }
  }

  private Section withoutIgnored(String path, CollectorKind<?> kind, Section config) {
    List<String> ignored =
        config.entries().keySet().stream().filter(kind.ignored()::contains).toList();
    if (!ignored.isEmpty()) {
      warnings.add(
          "%s: not supported here, ignored: %s"
              .formatted(
                  config.origin().name(Names.child(path, CONFIG)), String.join(", ", ignored)));
    }
    Section rest = config;
    for (String key : ignored) {
      rest = without(rest, key);
    }
    return rest;
  }

  private static Section section(String key, Section inner) {
    return new Section(Map.of(key, inner), inner.origin());
  }

  private static Section without(Section section, String key) {
    Map<String, Setting> rest = new LinkedHashMap<>(section.entries());
    rest.remove(key);
    return new Section(rest, section.origin());
  }

  /** Holds no maps of sections. */
  private record Empty() {}
}
