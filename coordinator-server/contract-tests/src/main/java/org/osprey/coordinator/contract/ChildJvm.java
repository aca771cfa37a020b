package org.osprey.coordinator.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of child JVMs that live a short time: small, and compiled by the quick compiler
 * only.
 */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * On the class path of the test.
   *
   * @param flags count more than the usual ones
   */
  public static List<String> command(Class<?> main, List<String> flags, String... arguments) {
    return command(System.getProperty("java.class.path"), main, flags, arguments);
  }

  /**
   * On another class path.
   *
   * @param flags count more than the usual ones
   */
  public static List<String> command(
      String classPath, Class<?> main, List<String> flags, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
