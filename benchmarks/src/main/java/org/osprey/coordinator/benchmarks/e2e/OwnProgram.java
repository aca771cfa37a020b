package org.osprey.coordinator.benchmarks.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A program of this module that measures in a JVM of its own, with the flags of a coordinator, and
 * prints a line of "figure", a name and a number for each figure.
 *
 * @param main is given an empty folder, which is deleted afterwards
 * @param properties that it is told of, of those that this JVM has
 * @param last the figure that is printed last
 */
record OwnProgram(Class<?> main, List<String> properties, String last) {
  private static final int MOST_SECONDS = 600;

  Map<String, Double> run() throws IOException {
    Path folder = Files.createTempDirectory("program-e2e");
    Path output = folder.resolve("output.txt");
    try (ChildJvm jvm = ChildJvm.start(command(folder), Map.of(), output)) {
      if (!jvm.hasEndedWithin(MOST_SECONDS)) {
        throw new IOException(main + " took too long: " + Files.readString(output));
      }
      return read(output);
    } finally {
      Folders.delete(folder);
    }
  }

  private List<String> command(Path folder) {
    List<String> command = new ArrayList<>(CoordinatorChild.flags());
    for (String name : properties) {
      String value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of(main.getName(), folder.toString()));
    return command;
  }

  private Map<String, Double> read(Path output) throws IOException {
    Map<String, Double> values = new HashMap<>();
    try (Stream<String> lines = Files.lines(output)) {
      lines
          .map(line -> line.split(" ", -1))
          .filter(parts -> parts.length == 3 && parts[0].equals("figure"))
          .forEach(parts -> values.put(parts[1], Double.valueOf(parts[2])));
    }
    if (!values.containsKey(last)) {
      throw new IOException(main + " failed: " + Files.readString(output));
    }
    return values;
  }
}
