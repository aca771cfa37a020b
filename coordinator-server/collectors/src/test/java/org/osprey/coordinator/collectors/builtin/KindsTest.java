package org.osprey.coordinator.collectors.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.settings.Durations;

/** What KINDS.md says is what the kinds have. */
class KindsTest {
  private static final Path DOCUMENT = Path.of("KINDS.md");

  static List<CollectorKind<?>> kinds() {
    List<CollectorKind<?>> kinds = new ArrayList<>();
    ServiceLoader.load(CollectorKind.class).forEach(kinds::add);
    return kinds;
  }

  @Test
  void allAreFoundAndDescribed() throws IOException {
    Set<String> names = kinds().stream().map(CollectorKind::name).collect(Collectors.toSet());
    assertEquals(Set.of("dns", "file", "generator", "http", "kernel", "kubelet"), names);
    Set<String> described = new TreeSet<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("## ")) {
        described.add(line.substring(3));
      }
    }
    assertTrue(described.containsAll(names), described.toString());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachKeyIsDescribedWithItsDefault(CollectorKind<?> kind) throws Exception {
    List<String> wanted = new ArrayList<>();
    Record defaults = kind.defaults();
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      component.getAccessor().setAccessible(true);
      wanted.add(
          "| `%s` | %s |"
              .formatted(
                  snakeCase(component.getName()),
                  written(component.getAccessor().invoke(defaults))));
    }
    assertEquals(wanted, rows(kind.name()));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachIgnoredKeyIsNamed(CollectorKind<?> kind) throws IOException {
    String document = Files.readString(DOCUMENT);
    for (String key : kind.ignored()) {
      assertTrue(document.contains('`' + key + '`'), key);
    }
  }

  /** The first two columns of a kind's table. */
  private static List<String> rows(String kind) throws IOException {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + kind);
      } else if (inside && line.startsWith("| `") && line.split("\\|", -1).length == 5) {
        rows.add(line.substring(0, line.indexOf('|', line.indexOf('|', 1) + 1) + 1));
      }
    }
    return rows;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static String written(@Nullable Object value) {
    return switch (value) {
      case null -> "–";
      case Duration duration -> Durations.format(duration);
      case String text -> text.isEmpty() ? "–" : '`' + text + '`';
      case List<?> list when list.isEmpty() -> "–";
      case Map<?, ?> map when map.isEmpty() -> "–";
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Double number -> Long.toString(Math.round(number));
      default -> value.toString();
    };
  }
}
