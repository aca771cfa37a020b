package org.osprey.coordinator.collectors.builtin.kernel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.osprey.coordinator.collectors.builtin.RecordingEmitter.attribute;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.FakeContext;
import org.osprey.coordinator.collectors.builtin.RecordingEmitter;

class KernelCollectorTest {
  private final FakeContext context = new FakeContext("kernel");
  private final RecordingEmitter emitter = new RecordingEmitter();
  @TempDir private Path root;

  @BeforeEach
  void machine() throws IOException {
    write("stat", "cpu 1 2 3\nbtime 1000\nprocesses 500\n");
    write("loadavg", "0.50 1.25 2.00 3/114 18385\n");
    for (String resource : List.of("cpu", "memory", "io")) {
      pressure(resource, "1.00", 1_000);
    }
    write("diskstats", " 8 0 sda 1 0 2 0 3 0 4 0 0 5 0\n 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n");
    write("net/dev", "Inter-|\n face |\n  eth0: 10 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0\n");
    process(1, "init", 0, 1);
  }

  @Test
  void processesOfTheFirstPollAreNotTold() throws Exception {
    start(config(false, false));
    assertEquals(List.of(), processes());
  }

  @Test
  void aProcessIsToldWhenItStartsAndWhenItEnds() throws Exception {
    Collector kernel = start(config(false, false));
    process(7, "a) (b", 1, 2_550);
    context.poll();
    Event started = processes().getFirst();
    assertEquals("kernel.process_started", started.type());
    assertEquals("7", attribute(started, "pid"));
    assertEquals("1", attribute(started, "ppid"));
    assertEquals("a) (b", attribute(started, "name"));
    assertEquals("1000", attribute(started, "uid"));
    assertEquals("1970-01-01T00:17:05.500Z", attribute(started, "started"));
    assertFalse(started.attributes().containsKey("command_line"));
    assertEquals("watches 2 processes", kernel.health().detail());
    remove(7);
    context.poll();
    Event ended = processes().getFirst();
    assertEquals("kernel.process_exited", ended.type());
    assertEquals("7", attribute(ended, "pid"));
  }

  @Test
  void aPidThatIsUsedAgainIsAnotherProcess() throws Exception {
    start(config(false, false));
    process(1, "other", 0, 99);
    context.poll();
    List<Event> events = processes();
    assertEquals(
        List.of("kernel.process_exited", "kernel.process_started"),
        events.stream().map(Event::type).toList());
    assertEquals("init", attribute(events.get(0), "name"));
    assertEquals("other", attribute(events.get(1), "name"));
  }

  @Test
  void aProcessThatWaitsForItsParentHasEnded() throws Exception {
    start(config(false, false));
    write("1/stat", "1 (init) Z 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0\n");
    context.poll();
    assertEquals("kernel.process_exited", processes().getFirst().type());
  }

  @Test
  void aProcessThatVanishesWhileItIsReadIsNothing() throws Exception {
    start(config(false, false));
    Files.createDirectories(root.resolve("8"));
    write("9/stat", "9 (ha");
    context.poll();
    assertEquals(List.of(), processes());
  }

  @Test
  void commandLinesAndKernelThreadsAreToldOnRequestOnly() throws Exception {
    start(config(true, true));
    write("8/stat", "8 (kworker) S 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 44 0 0\n");
    write("8/cmdline", "run\0--fast\0");
    context.poll();
    assertEquals("run --fast", attribute(processes().getFirst(), "command_line"));
    FakeContext other = new FakeContext("other");
    try (Collector plain = new KernelKind().create(config(false, false), other)) {
      remove(8);
      plain.start(emitter);
      other.poll();
      write("8/stat", "8 (kworker) S 2 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 44 0 0\n");
      other.poll();
    }
    assertEquals(List.of(), processes());
  }

  @Test
  void countersAreToldAsWhatTheyRoseBy() throws Exception {
    start(config(false, false));
    emitter.take();
    write("stat", "processes 512\nbtime 1000\n");
    write("diskstats", " 8 0 sda 2 0 4 0 4 0 6 0 0 9 0\n 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n");
    write("net/dev", "Inter-|\n face |\n  eth0: 110 3 1 0 0 0 0 0 20 2 0 0 0 0 0 0\n");
    pressure("io", "75.50", 5_000);
    context.poll();
    List<Event> events = emitter.take();
    assertEquals("12", attribute(one(events, "kernel.load"), "tasks_created"));
    assertEquals("1.25", attribute(one(events, "kernel.load"), "load5"));
    Event disk = one(events, "kernel.disk");
    assertEquals("sda", attribute(disk, "device"));
    assertEquals("1024", attribute(disk, "read_bytes"));
    assertEquals("4", attribute(disk, "busy_ms"));
    Event network = one(events, "kernel.network");
    assertEquals("eth0", attribute(network, "interface"));
    assertEquals("100", attribute(network, "received_bytes"));
    assertEquals(Severity.WARNING, network.severity());
    Event pressure =
        events.stream()
            .filter(event -> event.severity() == Severity.WARNING)
            .findFirst()
            .orElseThrow();
    assertEquals("io", attribute(pressure, "resource"));
    assertEquals("75.50", attribute(pressure, "some_avg10"));
    assertEquals("4000", attribute(pressure, "some_stalled_us"));
  }

  @Test
  void countersThatFellAreComparedFromThereOn() throws Exception {
    start(config(false, false));
    write("net/dev", "Inter-|\n face |\n  eth0: 5 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0\n");
    context.poll();
    assertEquals(List.of(), emitter.take("kernel.network"));
    write("net/dev", "Inter-|\n face |\n  eth0: 8 1 0 0 0 0 0 0 20 2 0 0 0 0 0 0\n");
    context.poll();
    assertEquals("3", attribute(emitter.take("kernel.network").getFirst(), "received_bytes"));
  }

  @Test
  void aKernelWithoutPressureIsHealthyAndSaysSo() throws Exception {
    for (String resource : List.of("cpu", "memory", "io")) {
      Files.delete(root.resolve("pressure/" + resource));
    }
    Collector kernel = start(config(false, false));
    assertTrue(kernel.health().healthy());
    assertEquals(
        "watches 1 processes; not told by this kernel: pressure", kernel.health().detail());
  }

  @Test
  void itDoesNotStartWhereThereIsNoProc() {
    KernelConfig wrong =
        new KernelConfig("/nowhere", Duration.ofSeconds(1), Duration.ofSeconds(1), false, false, 1);
    try (Collector kernel = new KernelKind().create(wrong, context)) {
      IOException refused = assertThrows(IOException.class, () -> kernel.start(emitter));
      assertEquals(
          "proc_root: want the /proc of a Linux, got /nowhere, where stat cannot be read",
          refused.getMessage());
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRealProcessIsSeenStartingAndEnding() throws Exception {
    try (Collector kernel = new KernelKind().create(KernelConfig.DEFAULTS, context)) {
      kernel.start(emitter);
      context.poll();
      emitter.take();
      Process sleeper = new ProcessBuilder("sleep", "600").start();
      try {
        await().until(() -> pollFor("kernel.process_started", sleeper.pid()));
      } finally {
        sleeper.destroyForcibly().waitFor();
      }
      await().until(() -> pollFor("kernel.process_exited", sleeper.pid()));
    }
  }

  private boolean pollFor(String type, long pid) throws Exception {
    context.poll();
    return emitter.take(type).stream()
        .anyMatch(event -> attribute(event, "pid").equals(Long.toString(pid)));
  }

  private Collector start(KernelConfig config) throws Exception {
    Collector kernel = new KernelKind().create(config, context);
    kernel.start(emitter);
    context.poll();
    return kernel;
  }

  private KernelConfig config(boolean commandLines, boolean kernelThreads) {
    return new KernelConfig(
        root.toString(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        commandLines,
        kernelThreads,
        60);
  }

  private List<Event> processes() {
    List<Event> events = new ArrayList<>(emitter.take());
    events.removeIf(event -> !event.type().startsWith("kernel.process_"));
    return events;
  }

  private static Event one(List<Event> events, String type) {
    List<Event> found = events.stream().filter(event -> event.type().equals(type)).toList();
    assertEquals(1, found.size(), type);
    return found.getFirst();
  }

  private void pressure(String resource, String average, long total) throws IOException {
    write(
        "pressure/" + resource,
        "some avg10=%s avg60=0.00 avg300=0.00 total=%d\n".formatted(average, total));
  }

  private void process(int pid, String name, int parent, long start) throws IOException {
    write(
        pid + "/stat",
        "%d (%s) S %d 1 1 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 %d 0 0\n"
            .formatted(pid, name, parent, start));
    write(pid + "/status", "Name:\tx\nUid:\t1000\t1000\t1000\t1000\n");
  }

  private void remove(int pid) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("" + pid))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(root.resolve("" + pid));
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
