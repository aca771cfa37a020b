package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.osprey.coordinator.collector.CollectorKind;

/** The jar that the page about a collector of one's own tells people to make. */
final class ExamplePlugin {
  private static final Path EXAMPLE = Document.ROOT.resolve("docs/examples/collector/src");
  private static final String SERVICE =
      "META-INF/services/org.osprey.coordinator.collector.CollectorKind";

  private ExamplePlugin() {}

  /**
   * @param folder to make it in
   */
  static void make(Path folder) throws IOException {
    Path classes = Files.createDirectories(folder.resolve("classes"));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                spi(),
                EXAMPLE.resolve("example/DiskSpaceKind.java").toString());
    assertEquals(0, status);
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(folder.resolve("disk-space.jar")))) {
      add(jar, SERVICE, EXAMPLE.resolve(SERVICE));
      for (Path file : Document.files(classes, ".class")) {
        add(jar, classes.relativize(file).toString(), file);
      }
    }
  }

  private static void add(JarOutputStream jar, String name, Path file) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    Files.copy(file, jar);
    jar.closeEntry();
  }

  private static String spi() {
    try {
      return Path.of(
              CollectorKind.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
