package org.osprey.coordinator.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResidentMemoryTest {
  @TempDir private Path folder;

  @Test
  void theKernelsLineIsReadInBytes() throws IOException {
    Path status = folder.resolve("status");
    Files.writeString(status, "Name:\tjava\nVmHWM:\t  99 kB\nVmRSS:\t  204800 kB\nThreads:\t7\n");
    assertEquals(209_715_200, new ResidentMemory(status).bytes());
  }

  @Test
  void whatTheSystemDoesNotSayIsNoNumber() throws IOException {
    assertTrue(Double.isNaN(new ResidentMemory(folder.resolve("absent")).bytes()));
    Path status = Files.writeString(folder.resolve("status"), "Name:\tjava\n");
    assertTrue(Double.isNaN(new ResidentMemory(status).bytes()));
  }
}
