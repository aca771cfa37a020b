package org.osprey.coordinator.collectors.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.osprey.coordinator.collector.CollectorKind;

/** A jar of kinds that a test compiles, against nothing but what collectors are made against. */
final class PluginJar {
  private static final String SOURCE =
      """
      package plugin;

      import org.osprey.coordinator.collector.*;

      public final class @TYPE@Kind implements CollectorKind<@TYPE@Kind.@TYPE@Settings.Settings> {
        static final class @TYPE@Settings {
          record Settings(int howMany) {}
        }

        public @TYPE@Kind() {
          @CONSTRUCTOR@
        }

        public String name() {
          return "@NAME@";
        }

        public @TYPE@Settings.Settings defaults() {
          return new @TYPE@Settings.Settings(1);
        }

        public Collector create(@TYPE@Settings.Settings settings, CollectorContext context) {
          @CREATE@
          return new Collector() {
            public void start(Emitter emitter) {}

            public void close() {}
          };
        }
      }
      """;

  private final Path jar;
  private final Map<String, String> sources = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> left = new ArrayList<>();

  private PluginJar(Path jar) {
    this.jar = jar;
  }

  static PluginJar in(Path folder, String name) {
    return new PluginJar(folder.resolve(name + ".jar"));
  }

  /**
   * @param create what its collectors do first when they are made
   */
  PluginJar kind(String type, String name, String create) {
    sources.put(
        type, SOURCE.replace("@TYPE@", type).replace("@NAME@", name).replace("@CREATE@", create));
    return service("plugin." + type + "Kind");
  }

  PluginJar throwing(String type) {
    sources.computeIfPresent(
        type,
        (key, source) ->
            source.replace(
                "@CONSTRUCTOR@",
                "if (true) throw new IllegalStateException(\"thrower is broken\");"));
    return this;
  }

  /** A line of its list of services. */
  PluginJar service(String line) {
    services.add(line);
    return this;
  }

  /** Leaves out the classes whose names end so. */
  PluginJar without(String end) {
    left.add(end + ".class");
    return this;
  }

  void write() throws IOException {
    Path work = Files.createTempDirectory("plugin");
    compile(work);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> classes = Files.walk(work)) {
      if (!services.isEmpty()) {
        out.putNextEntry(new JarEntry(PluginClassLoader.SERVICES));
        out.write(String.join("\n", services).getBytes(UTF_8));
      }
      for (Path file : classes.filter(this::isIncluded).toList()) {
        out.putNextEntry(new JarEntry(work.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
  }

  private boolean isIncluded(Path file) {
    String name = file.toString();
    return name.endsWith(".class") && left.stream().noneMatch(name::endsWith);
  }

  private void compile(Path work) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-cp", spi(), "-d"));
    arguments.add(work.toString());
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve(source.getKey() + "Kind.java");
      Files.writeString(file, source.getValue().replace("@CONSTRUCTOR@", ""));
      arguments.add(file.toString());
    }
    if (!sources.isEmpty()
        && ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new))
            != 0) {
      throw new IllegalStateException("does not compile: " + sources);
    }
  }

  private static String spi() {
    return CollectorKind.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }
}
