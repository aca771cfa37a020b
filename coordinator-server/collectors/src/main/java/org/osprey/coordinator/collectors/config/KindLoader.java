package org.osprey.coordinator.collectors.config;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.StreamSupport;
import org.osprey.coordinator.collector.CollectorKind;

/**
 * Gathers kinds, and notes what cannot be used: nothing that a provider does wrong keeps the others
 * out. Where two have one name, the first is taken.
 */
final class KindLoader {
  /** A list of services that is wrong from end to end. */
  private static final int MOST_FAILURES = 100;

  private final Map<String, CollectorKind<?>> kinds = new LinkedHashMap<>();
  private final Map<String, String> places = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  Kinds kinds() {
    return new Kinds(kinds, warnings);
  }

  void builtIn(ClassLoader loader) {
    providers("built in", loader);
  }

  /** The jars in the order of their names. */
  void plugins(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
      StreamSupport.stream(jars.spliterator(), false).sorted().forEach(this::plugin);
    } catch (IOException e) {
      warn(folder.toString(), "the folder of plugins cannot be read: " + e);
    }
  }

  private void plugin(Path jar) {
    try (JarFile opened = new JarFile(jar.toFile())) {
      if (opened.getEntry(PluginClassLoader.SERVICES) == null) {
        warn(
            jar.toString(),
            "holds no kind of collector: there is no " + PluginClassLoader.SERVICES);
        return;
      }
    } catch (IOException e) {
      warn(jar.toString(), "is no jar that can be read: " + e.getMessage());
      return;
    }
    providers(jar.toString(), PluginClassLoader.of(jar, Kinds.class.getClassLoader()));
  }

  @SuppressWarnings("rawtypes") // a class literal has no type arguments
  private void providers(String place, ClassLoader loader) {
    var providers = ServiceLoader.load(CollectorKind.class, loader).stream().iterator();
    for (int failures = 0; failures < MOST_FAILURES; ) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        ServiceLoader.Provider<CollectorKind> provider = providers.next();
        add(place, provider.get());
      } catch (ServiceConfigurationError | LinkageError | StackOverflowError e) {
        failures++;
        warn(place, "a kind cannot be used: " + reason(e));
      }
    }
  }

  void add(String place, CollectorKind<?> kind) {
    String type = kind.getClass().getName();
    try {
      String name = KindCheck.name(kind);
      if (kinds.putIfAbsent(name, kind) == null) {
        places.put(name, place);
      } else {
        warn(place, "%s is not used: kind %s is %s".formatted(type, name, places.get(name)));
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      warn(place, "%s cannot be used: %s".formatted(type, reason(e)));
    }
  }

  /** The cause says more than the service loader. */
  private static String reason(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure.toString() : cause.toString();
  }

  private void warn(String place, String what) {
    warnings.add("collector kinds: %s: %s".formatted(place, what));
  }
}
