package org.osprey.coordinator.collectors.builtin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collector.Event;

/** The example is a collector that works, and needs nothing but the interface. */
class ExampleTest {
  private static final Path EXAMPLE = Path.of("../../docs/examples/collector");
  private static final int MOST_LINES = 40;

  @Test
  void itCompilesAgainstTheInterfaceAloneAndRuns(@TempDir Path classes) throws Exception {
    Path source = EXAMPLE.resolve("src/example/DiskSpaceKind.java");
    assertTrue(Files.readAllLines(source).size() <= MOST_LINES);
    compile(source, classes);
    copyServices(classes);
    RecordingEmitter emitter = new RecordingEmitter();
    FakeContext context = new FakeContext("disk-space");
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, CollectorKind.class.getClassLoader())) {
      try (Collector collector = create(example(loader), context)) {
        collector.start(emitter);
        context.poll();
      }
    }
    Event event = emitter.take().getFirst();
    assertEquals("disk.space", event.type());
    assertEquals("/", RecordingEmitter.attribute(event, "path"));
    assertTrue(RecordingEmitter.text(event).endsWith(" % free"));
  }

  private static <C extends Record> Collector create(CollectorKind<C> kind, FakeContext context) {
    return kind.create(kind.defaults(), context);
  }

  private static CollectorKind<?> example(ClassLoader loader) {
    List<CollectorKind<?>> found = new ArrayList<>();
    for (CollectorKind<?> kind : ServiceLoader.load(CollectorKind.class, loader)) {
      if (kind.getClass().getClassLoader().equals(loader)) {
        found.add(kind);
      }
    }
    assertEquals(1, found.size());
    assertEquals("disk-space", found.getFirst().name());
    return found.getFirst();
  }

  private static void compile(Path source, Path into) throws Exception {
    Path spi =
        Path.of(CollectorKind.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                into.toString(),
                "-cp",
                spi.toString(),
                source.toString());
    assertEquals(0, status);
  }

  private static void copyServices(Path classes) throws Exception {
    Path services = EXAMPLE.resolve("src/META-INF/services");
    Path into = Files.createDirectories(classes.resolve("META-INF/services"));
    try (Stream<Path> files = Files.list(services)) {
      for (Path file : files.toList()) {
        Files.copy(file, into.resolve(file.getFileName()));
      }
    }
  }
}
