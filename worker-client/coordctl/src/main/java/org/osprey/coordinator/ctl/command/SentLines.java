package org.osprey.coordinator.ctl.command;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.console.ProgressLine;
import org.osprey.coordinator.ctl.text.Cell;
import org.osprey.coordinator.ctl.text.Human;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends a file of actions in batches and shows what became of each line. */
final class SentLines {
  private static final String STDIN = "-";
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int FIRST_FAILURE = 300;
  private static final int MOST_SHOWN = 20;

  private final Coordctl root;
  private final String path;
  private final Duration atMost;
  private final @Nullable String failedFile;
  private final long start = System.nanoTime();
  private long sent;
  private long failures;
  private long bytes;

  /**
   * @param atMost for each batch
   * @param failedFile where the lines go that failed; null for nowhere
   */
  SentLines(Coordctl root, String path, Duration atMost, @Nullable String failedFile) {
    this.root = root;
    this.path = path;
    this.atMost = atMost;
    this.failedFile = failedFile;
  }

  /**
   * @param file or {@code -} for stdin
   */
  Exit send(String file) throws IOException {
    Api api = root.api();
    try (InputStream in = open(file);
        OutputStream failed = failedLines();
        ProgressLine progress = new ProgressLine(root.console())) {
      long size = file.equals(STDIN) ? 0 : Files.size(Path.of(file));
      Batches batches = new Batches(in);
      for (Batches.Batch batch = batches.next(); !batch.isEmpty(); batch = batches.next()) {
        send(api, batch, failed);
        bytes = batches.bytesRead();
        progress.show(summary() + (size == 0 ? "" : ", " + bytes * 100 / size + " %"));
      }
    }
    report();
    return failures == 0 ? Exit.OK : Exit.REFUSED;
  }

  private void send(Api api, Batches.Batch batch, OutputStream failed) throws IOException {
    List<JsonNode> results = answers(api, batch);
    for (JsonNode result : results) {
      int line = (int) Field.number(result, "line");
      if (!result.isObject() || line < 1 || line > batch.size()) {
        throw noCoordinator("result of line " + line + " of " + batch.size());
      }
      show(result, batch.number(line - 1));
      if (Field.number(result, "status") >= FIRST_FAILURE) {
        failures++;
        failed.write(batch.line(line - 1));
        failed.write('\n');
      }
    }
    sent += batch.size();
    if (results.size() != batch.size()) {
      throw noCoordinator("%d results for %d lines".formatted(results.size(), batch.size()));
    }
  }

  private List<JsonNode> answers(Api api, Batches.Batch batch) {
    try {
      return api.postLines(path, batch.body(), atMost);
    } catch (Failure e) {
      throw new Failure(
          e.exit(),
          "from line %d on: %s (%s before)".formatted(batch.number(0), e.line(), summary()));
    }
  }

  private void show(JsonNode result, long line) {
    if (root.json()) {
      ObjectNode placed = ((ObjectNode) result).put("line", line);
      root.console().out().println(Json.line(placed));
    } else if (Field.number(result, "status") >= FIRST_FAILURE && failures < MOST_SHOWN) {
      root.console()
          .err()
          .println(
              Cell.clean(
                  "line %d: %s (%d)"
                      .formatted(
                          line, Field.text(result, "detail"), Field.number(result, "status"))));
    }
  }

  private void report() {
    if (failures > MOST_SHOWN && !root.json()) {
      root.console().err().println("... and " + Human.count(failures - MOST_SHOWN) + " more");
    }
    root.say(summary());
  }

  private String summary() {
    double seconds = Math.max(1, System.nanoTime() - start) / NANOS_PER_SECOND;
    return "sent %s, %s failed, %s"
        .formatted(Human.count(sent), Human.count(failures), Human.rate(sent / seconds));
  }

  private InputStream open(String file) {
    if (file.equals(STDIN)) {
      return root.console().in();
    }
    try {
      return new BufferedInputStream(Files.newInputStream(Path.of(file)));
    } catch (NoSuchFileException e) {
      throw Failure.usage("--file: there is no file " + file);
    } catch (IOException e) {
      throw Failure.usage(
          "--file: cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
    }
  }

  private OutputStream failedLines() throws IOException {
    return failedFile == null
        ? OutputStream.nullOutputStream()
        : new BufferedOutputStream(Files.newOutputStream(Path.of(failedFile)));
  }

  private static Failure noCoordinator(String got) {
    return new Failure(Exit.NO_ANSWER, "want one result for each line, got " + got);
  }
}
