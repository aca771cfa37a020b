package org.osprey.coordinator.collectors.builtin.kernel;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;

/**
 * Load, pressure, disks and network of a machine; counters as what they rose by since the last
 * poll. Disks and interfaces on which nothing happened are left out. Belongs to the thread of its
 * polls, but for {@link #absent}.
 */
final class Machine {
  private static final long SECTOR = 512;
  private static final int MAX_DEVICES = 256;
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final String[] DISK = {
    "reads", "read_bytes", "writes", "written_bytes", "busy_ms"
  };
  private static final String[] NETWORK = {
    "received_bytes", "received_packets", "receive_errors", "receive_drops",
    "sent_bytes", "sent_packets", "send_errors", "send_drops"
  };

  private final File root;
  private final double pressureWarning;
  private final CollectorContext context;
  private final ProcReader reader = new ProcReader();
  private final Differences differences = new Differences();
  private volatile String absent = "";

  Machine(File root, KernelConfig config, CollectorContext context) {
    this.root = root;
    this.pressureWarning = config.pressureWarning();
    this.context = context;
  }

  /** Words for what this machine does not tell, to end a sentence with; empty when it tells all. */
  String absent() {
    return absent;
  }

  void poll(Emitter emitter) throws InterruptedException {
    Set<String> missing = new TreeSet<>();
    load(emitter, missing);
    for (String resource : List.of("cpu", "memory", "io")) {
      pressure(emitter, resource, missing);
    }
    disks(emitter, missing);
    network(emitter, missing);
    differences.turn();
    absent = missing.isEmpty() ? "" : "; not told by this kernel: " + String.join(", ", missing);
  }

  private void load(Emitter emitter, Set<String> missing) throws InterruptedException {
    List<String> lines = lines("loadavg");
    String[] fields = lines.isEmpty() ? new String[0] : fields(lines.getFirst());
    if (fields.length < 4) {
      missing.add("load");
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("load1", fields[0]);
    attributes.put("load5", fields[1]);
    attributes.put("load15", fields[2]);
    int slash = fields[3].indexOf('/');
    attributes.put("running", fields[3].substring(0, Math.max(0, slash)));
    attributes.put("tasks", fields[3].substring(slash + 1));
    for (String line : lines("stat")) {
      if (line.startsWith("processes ")) {
        long[] rose = differences.since("tasks", numbers(fields(line), 1));
        if (rose != null) {
          attributes.put("tasks_created", Long.toString(rose[0]));
        }
      }
    }
    emit(emitter, "kernel.load", Severity.INFO, attributes);
  }

  private void pressure(Emitter emitter, String resource, Set<String> missing)
      throws InterruptedException {
    List<String> lines = lines("pressure/" + resource);
    if (lines.isEmpty()) {
      missing.add("pressure");
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("resource", resource);
    for (String line : lines) {
      String[] fields = fields(line);
      for (int i = 1; i < fields.length; i++) {
        String[] pair = fields[i].split("=", 2);
        if (pair.length == 2 && !pair[0].equals("total")) {
          attributes.put(fields[0] + "_" + pair[0], pair[1]);
        } else if (pair.length == 2) {
          stalled(resource, fields[0], pair[1], attributes);
        }
      }
    }
    double some = Double.parseDouble(attributes.getOrDefault("some_avg10", "0"));
    Severity severity = some >= pressureWarning ? Severity.WARNING : Severity.INFO;
    emit(emitter, "kernel.pressure", severity, attributes);
  }

  private void stalled(
      String resource, String whose, String total, Map<String, String> attributes) {
    long[] rose =
        differences.since("pressure " + resource + " " + whose, new long[] {Long.parseLong(total)});
    if (rose != null) {
      attributes.put(whose + "_stalled_us", Long.toString(rose[0]));
    }
  }

  private void disks(Emitter emitter, Set<String> missing) throws InterruptedException {
    List<String> lines = lines("diskstats");
    if (lines.isEmpty()) {
      missing.add("disks");
    }
    for (String line : lines.subList(0, Math.min(MAX_DEVICES, lines.size()))) {
      String[] fields = fields(line);
      if (fields.length >= 13) {
        long[] all = numbers(fields, 3, 5, 7, 9, 12);
        all[1] *= SECTOR;
        all[3] *= SECTOR;
        counters(emitter, "kernel.disk", "device", fields[2], DISK, all);
      }
    }
  }

  private void network(Emitter emitter, Set<String> missing) throws InterruptedException {
    List<String> lines = lines("net/dev");
    if (lines.isEmpty()) {
      missing.add("network");
    }
    for (String line : lines.subList(0, Math.min(MAX_DEVICES, lines.size()))) {
      int colon = line.indexOf(':');
      String[] fields = fields(line.substring(colon + 1));
      if (colon > 0 && fields.length >= 12) {
        String device = line.substring(0, colon).strip();
        long[] all = numbers(fields, 0, 1, 2, 3, 8, 9, 10, 11);
        counters(emitter, "kernel.network", "interface", device, NETWORK, all);
      }
    }
  }

  private void counters(
      Emitter emitter, String type, String key, String device, String[] names, long[] all)
      throws InterruptedException {
    long[] rose = differences.since(type + " " + device, all);
    if (rose == null) {
      return;
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put(key, device);
    long sum = 0;
    boolean errors = false;
    for (int i = 0; i < rose.length; i++) {
      attributes.put(names[i], Long.toString(rose[i]));
      sum += rose[i];
      errors |= rose[i] > 0 && names[i].endsWith("_errors");
    }
    if (sum > 0) {
      emit(emitter, type, errors ? Severity.WARNING : Severity.INFO, attributes);
    }
  }

  private void emit(Emitter emitter, String type, Severity severity, Map<String, String> attributes)
      throws InterruptedException {
    emitter.emit(new Event(type, severity, context.clock().instant(), attributes, Payload.NONE));
  }

  /** None when there is no such file. */
  private List<String> lines(String file) {
    return reader.read(new File(root, file)) ? reader.text().lines().toList() : List.of();
  }

  private static String[] fields(String line) {
    return BLANKS.split(line.strip(), -1);
  }

  private static long[] numbers(String[] fields, int... which) {
    long[] numbers = new long[which.length];
    for (int i = 0; i < which.length; i++) {
      numbers[i] = Long.parseLong(fields[which[i]]);
    }
    return numbers;
  }
}
