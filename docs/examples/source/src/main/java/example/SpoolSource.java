package example;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.Delivery;
import org.osprey.coordinator.core.Intake;
import org.osprey.coordinator.core.Intake.Admission;
import org.osprey.coordinator.core.Lane;
import org.osprey.coordinator.core.Outcome;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.core.Trace;
import org.osprey.coordinator.core.Tracer;

/**
 * Actions from the files of a folder, in the order of their names. A file is there until its action
 * is finished, so what a crash leaves comes again. Who writes one gives it a name that begins with
 * a dot, and renames it when it is whole.
 */
public final class SpoolSource implements Source, Supervised {
  private static final String NAME = "spool";
  private static final Duration REST = Duration.ofMillis(50);

  private final Path folder;
  private final MessageDecoder decoder;
  private final DeadLetters deadLetters;
  private final Ticker ticker;
  private final SupervisedLoop loop;

  /** Offered and unfinished, or finished and not deleted yet. */
  private final Set<Path> held = ConcurrentHashMap.newKeySet();

  private final Queue<Path> finished = new ConcurrentLinkedQueue<>();
  private volatile boolean paused;
  private volatile boolean missing;
  private volatile @Nullable Intake intake;

  public SpoolSource(Path folder, MessageDecoder decoder, DeadLetters deadLetters, Ticker ticker) {
    this.folder = folder;
    this.decoder = decoder;
    this.deadLetters = deadLetters;
    this.ticker = ticker;
    loop = new SupervisedLoop("spool-source", ticker, Duration.ofSeconds(10), this::step);
  }

  @Override
  public void start(Intake target) {
    intake = target;
    loop.start();
  }

  @Override
  public void setPaused(boolean wanted) {
    paused = wanted;
  }

  @Override
  public Check check() {
    Check running = loop.check();
    if (missing) {
      return Check.failed(NAME, "spool.folder: there is no folder " + folder);
    }
    return running.healthy()
        ? Check.ok(NAME, "folder=%s unfinished=%d".formatted(folder, held.size()))
        : Check.failed(NAME, running.detail());
  }

  @Override
  public List<SupervisedLoop> loops() {
    return List.of(loop);
  }

  /** What is unfinished stays in the folder. */
  @Override
  public void close() {
    loop.close();
    deleteFinished();
  }

  private void step() throws IOException, InterruptedException {
    deleteFinished();
    Intake target = intake;
    if (target != null && !paused) {
      offerWaiting(target);
    }
    Thread.sleep(REST);
  }

  private void offerWaiting(Intake target) throws IOException, InterruptedException {
    for (Path file : waiting()) {
      if (paused || loop.closing()) {
        return;
      }
      Spooled message = Spooled.read(file);
      held.add(file);
      if (offer(message, target) != Admission.ACCEPTED) {
        // Held back here, never dropped: the file is offered again.
        held.remove(file);
        boolean unused = target.awaitRoom(REST);
        return;
      }
    }
  }

  private Admission offer(Spooled message, Intake target) {
    long now = ticker.nanos();
    try {
      Action action = decoder.decode(message.data(), message.attributes()::get, message.written());
      Tracer tracer = target.tracer();
      Trace trace =
          tracer == null
              ? null
              : tracer.begin(action, Lane.ASYNC, NAME, now, message.attributes()::get);
      String key = message.attributes().get("key");
      return target.offer(Delivery.async(action, NAME, key, new Handle(message), trace));
    } catch (UndecodableException e) {
      reject(message, String.valueOf(e.getMessage()));
      return Admission.ACCEPTED;
    }
  }

  /** A message that is no action is a dead letter, and gone once that is stored. */
  private void reject(Spooled message, String error) {
    DeadLetter.Undecoded content =
        new DeadLetter.Undecoded(null, message.data(), message.attributes(), message.written());
    DeadLetter letter = DeadLetter.undecodable(NAME, message.origin(), content, error);
    CompletionStage<Void> unused =
        deadLetters
            .put(letter)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    finished.add(message.file());
                  } else {
                    held.remove(message.file());
                  }
                });
  }

  private List<Path> waiting() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      missing = false;
      return files
          .filter(
              file -> !String.valueOf(file.getFileName()).startsWith(".") && !held.contains(file))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      missing = true;
      return List.of();
    }
  }

  private void deleteFinished() {
    for (Path file = finished.poll(); file != null; file = finished.poll()) {
      try {
        Files.deleteIfExists(file);
        held.remove(file);
      } catch (IOException e) {
        finished.add(file);
        return;
      }
    }
  }

  /** Told on a thread that must not wait, so the loop deletes the file. */
  private final class Handle implements Delivery.Handle {
    private final Spooled message;

    private Handle(Spooled message) {
      this.message = message;
    }

    @Override
    public void finished(Outcome outcome) {
      switch (outcome) {
        case Outcome.Rejected rejected -> held.remove(message.file());
        case Outcome.Acked acked -> finished.add(message.file());
        case Outcome.DeadLettered letter -> finished.add(message.file());
        case Outcome.Nacked nacked -> finished.add(message.file());
        case Outcome.Expired expired -> finished.add(message.file());
      }
    }

    @Override
    public String origin() {
      return message.origin();
    }
  }
}
