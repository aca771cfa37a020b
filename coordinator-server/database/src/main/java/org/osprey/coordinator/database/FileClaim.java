package org.osprey.coordinator.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The right of this process to a database file, held by a lock on a file beside it that ends with
 * the process at the latest. For one thread at a time.
 */
final class FileClaim {
  private final Path file;
  private @Nullable FileChannel held;

  FileClaim(Path file) {
    this.file = file;
  }

  /**
   * Makes folder and file when they are missing; the file is for its owner only, because it may
   * hold secrets.
   *
   * @throws IOException when another process has it, or the file cannot be made
   */
  void take() throws IOException {
    if (held != null) {
      return;
    }
    Path folder = file.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    FileChannel channel =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      lock(channel);
      create();
      held = channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  void giveBack() {
    FileChannel channel = held;
    held = null;
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process then.
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    boolean locked;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // The other one is in this process.
      locked = false;
    }
    if (!locked) {
      throw new IOException("another coordinator uses the file; each needs one of its own");
    }
  }

  private void create() throws IOException {
    try {
      Files.createFile(file, ownerOnly());
    } catch (FileAlreadyExistsException e) {
      // As after every start but the first.
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }
}
