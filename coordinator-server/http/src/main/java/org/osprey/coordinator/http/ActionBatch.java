package org.osprey.coordinator.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Action;

/**
 * The actions of one NDJSON body. The request's thread reads and sends them, a second one writes
 * the results in the order of the lines, as soon as each and all before it are there. When either
 * fails the client is gone, and so is the need for results that are still out.
 */
final class ActionBatch {
  /** Lines that are sent and not answered; enough for the store to commit many at once. */
  private static final int MOST_OUT = 256;

  private static final int BUFFER = 16 * 1024;

  private final ActionLines lines;
  private final LineSender sender;
  private final OutputStream answer;
  private final BlockingQueue<Sent> out = new ArrayBlockingQueue<>(MOST_OUT);
  private final int mostBytesOut;
  private final Semaphore bytesOut;
  private volatile @Nullable IOException failure;
  private volatile @Nullable Sent writing;

  @FunctionalInterface
  private interface Writing {
    void perform() throws IOException;
  }

  /** Sends the action of a line, whatever is in it. */
  @FunctionalInterface
  interface LineSender {
    CompletableFuture<ActionResult> send(ActionLines.Line line);
  }

  /**
   * @param bytes what it takes of the room
   */
  private record Sent(int line, int bytes, CompletableFuture<ActionResult> result) {
    static final Sent LAST = new Sent(0, 0, new CompletableFuture<>());

    void cancel() {
      boolean unused = result.cancel(false);
    }
  }

  private record LineView(
      int line,
      int status,
      @Nullable String id,
      @Nullable List<String> verdicts,
      @Nullable String detail) {

    static LineView of(int line, ActionResult result) {
      Action action = result.action();
      return new LineView(
          line,
          result.status().getCode(),
          action == null ? null : action.idText(),
          result.verdicts(),
          result.detail());
    }
  }

  /**
   * @param mostBytesOut of the lines that are sent and not answered; one larger line goes alone
   */
  ActionBatch(ActionLines lines, LineSender sender, OutputStream answer, int mostBytesOut) {
    this.lines = lines;
    this.sender = sender;
    this.answer = new BufferedOutputStream(answer, BUFFER);
    this.mostBytesOut = mostBytesOut;
    bytesOut = new Semaphore(mostBytesOut);
  }

  /** Returns when the last result is written. */
  void run() throws IOException, InterruptedException {
    Thread writer = Thread.ofVirtual().name("http-batch").start(this::write);
    try {
      ActionLines.Line line = lines.next();
      while (line != null && failure == null) {
        send(line);
        line = lines.next();
      }
    } catch (IOException e) {
      abandon(e);
    } finally {
      out.put(Sent.LAST);
      writer.join();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void send(ActionLines.Line line) throws InterruptedException {
    byte[] content = line.bytes();
    int bytes = Math.min(content == null ? 0 : content.length, mostBytesOut);
    bytesOut.acquire(bytes);
    out.put(new Sent(line.number(), bytes, sender.send(line)));
  }

  /** Nobody wants what is out: the writer sees it, or what it waits for ends. */
  private void abandon(IOException cause) {
    failure = cause;
    out.forEach(Sent::cancel);
    Sent waitedFor = writing;
    if (waitedFor != null) {
      waitedFor.cancel();
    }
  }

  private void write() {
    try {
      for (Sent next = take(); !next.equals(Sent.LAST); next = take()) {
        writing = next;
        writeOne(next);
        bytesOut.release(next.bytes());
      }
      perform(answer::flush);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is written already goes out before a wait. */
  private Sent take() throws InterruptedException {
    Sent next = out.peek();
    if (next == null || !next.result().isDone()) {
      perform(answer::flush);
    }
    return out.take();
  }

  private void writeOne(Sent next) {
    if (failure != null) {
      next.cancel();
      return;
    }
    try {
      ActionResult result = next.result().join();
      perform(
          () -> {
            answer.write(Json.MAPPER.writeValueAsBytes(LineView.of(next.line(), result)));
            answer.write('\n');
          });
    } catch (CancellationException e) {
      // The reader has found out that nobody wants it.
    } catch (RuntimeException e) {
      // The reader must not be left waiting for room.
      failure = new IOException("no result for line " + next.line(), e);
    }
  }

  private void perform(Writing writing) {
    if (failure != null) {
      return;
    }
    try {
      writing.perform();
    } catch (IOException e) {
      failure = e;
    }
  }
}
