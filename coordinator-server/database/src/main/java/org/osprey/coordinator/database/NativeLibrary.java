package org.osprey.coordinator.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The driver's native code. The driver unpacks it anew for each process and removes it when that
 * ends in good order; what a killed process leaves would pile up in the temp folder. Here it is in
 * a folder beside the database file, and who has claimed the file clears the folder.
 */
final class NativeLibrary {
  /** Where the driver unpacks to; an operator may set it, such as when no file here may be run. */
  private static final String PROPERTY = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Takes effect once in the life of a process, because the driver loads its library once.
   *
   * @param file of the database, claimed by this process
   */
  static synchronized void unpackBeside(Path file) throws IOException {
    if (System.getProperty(PROPERTY) != null) {
      return;
    }
    Path folder = file.resolveSibling(file.getFileName() + ".native");
    Files.createDirectories(folder);
    clear(folder);
    System.setProperty(PROPERTY, folder.toString());
  }

  private static void clear(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }
}
