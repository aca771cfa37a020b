package org.osprey.coordinator.settings;

/** Where a value was written. */
public sealed interface Origin {

  Origin BUILT_IN = new BuiltIn();

  /** What people look for when they want to change the value at {@code path}. */
  String name(String path);

  /** Short enough for the end of a line. */
  String place();

  record BuiltIn() implements Origin {
    @Override
    public String name(String path) {
      return path;
    }

    @Override
    public String place() {
      return "default";
    }
  }

  record Line(String file, int number) implements Origin {
    @Override
    public String name(String path) {
      return path.isEmpty() ? place() : "%s (%s)".formatted(path, place());
    }

    @Override
    public String place() {
      return file + ":" + number;
    }
  }

  record Environment(String variable) implements Origin {
    @Override
    public String name(String path) {
      return "%s (%s)".formatted(variable, path);
    }

    @Override
    public String place() {
      return variable;
    }
  }
}
