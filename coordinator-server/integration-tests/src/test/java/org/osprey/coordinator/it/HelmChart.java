package org.osprey.coordinator.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The chart: its files, and what Helm makes of them where there is a Helm. */
final class HelmChart {
  static final YAMLMapper YAML = new YAMLMapper();
  static final Path FOLDER = Path.of("../../docker/helm/osprey-coordinator");

  private static final Path TOOLS = Path.of("../../.run/tools");

  private HelmChart() {}

  /** The values files that the chart's README tells of. */
  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../docker/helm/examples"))) {
      return files.sorted().toList();
    }
  }

  /** The defaults, and over them what a file says, as Helm lays them. */
  static ObjectNode values(Path... files) throws IOException {
    ObjectNode values = read(FOLDER.resolve("values.yaml"));
    for (Path file : files) {
      merge(values, read(file));
    }
    return values;
  }

  private static ObjectNode read(Path file) throws IOException {
    return (ObjectNode) YAML.readTree(Files.readString(file));
  }

  private static void merge(ObjectNode under, ObjectNode over) {
    for (String key : over.propertyNames()) {
      if (under.get(key) instanceof ObjectNode below && over.get(key) instanceof ObjectNode above) {
        merge(below, above);
      } else {
        under.set(key, over.get(key));
      }
    }
  }

  /** Where it is; empty when it is neither in .run/tools nor on the PATH. */
  static Optional<Path> helm() {
    String path = TOOLS + File.pathSeparator + System.getenv("PATH");
    return Stream.of(path.split(File.pathSeparator))
        .map(folder -> Path.of(folder, "helm"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** What Helm makes of a file of values. */
  static List<JsonNode> render(Path helm, Path... files) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(helm.toString(), "template", "coordinator", FOLDER.toString()));
    // One that was built by go install knows of none.
    command.addAll(List.of("--kube-version", "1.30.0"));
    for (Path file : files) {
      command.addAll(List.of("-f", file.toString()));
    }
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(output);
    }
    return YAML.readerFor(JsonNode.class).<JsonNode>readValues(output).readAll();
  }
}
