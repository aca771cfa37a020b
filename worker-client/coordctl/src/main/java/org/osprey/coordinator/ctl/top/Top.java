package org.osprey.coordinator.ctl.top;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Json;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.text.Style;
import tools.jackson.databind.JsonNode;

/** The live view. Belongs to the thread that runs it; {@link #stop} is for others. */
public final class Top {
  private static final int CONTROL_D = 4;
  private static final int END = -1;

  private final Console console;
  private final Api api;
  private final Style style;
  private final Options options;
  private final Rates rates = new Rates();
  private final Thread thread = Thread.currentThread();
  private volatile boolean stopped;

  /**
   * @param interval between pictures that are asked for; those that are sent come as they come
   * @param frames after so many it ends; 0 for no end
   * @param json pictures as they are, one on each line
   * @param poll ask even where pictures are sent
   */
  public record Options(Duration interval, int frames, boolean json, boolean poll) {}

  public Top(Console console, Api api, Style style, Options options) {
    this.console = console;
    this.api = api;
    this.style = style;
    this.options = options;
  }

  /** Returns at the last frame, or when it is stopped. */
  public void run() {
    try (Pictures pictures = open()) {
      // Only now: what goes wrong at once is said on the usual screen.
      JsonNode picture = pictures.next();
      if (options.json()) {
        printAll(pictures, picture);
      } else {
        showAll(pictures, picture);
      }
    } catch (InterruptedException e) {
      // It was told to stop.
    }
  }

  public void stop() {
    stopped = true;
    thread.interrupt();
  }

  private Pictures open() {
    Optional<Pictures> sent = options.poll() ? Optional.empty() : EventPictures.open(api);
    return sent.orElseGet(() -> new PolledPictures(api, options.interval()));
  }

  private void printAll(Pictures pictures, JsonNode first) throws InterruptedException {
    @Nullable JsonNode picture = first;
    for (int shown = 1; picture != null; shown++) {
      console.out().println(Json.line(picture));
      console.out().flush();
      picture = isLast(shown) ? null : pictures.next();
    }
  }

  private void showAll(Pictures pictures, JsonNode first) throws InterruptedException {
    try (Screen screen = new Screen(console)) {
      watchKeys();
      @Nullable JsonNode picture = first;
      for (int shown = 1; picture != null; shown++) {
        rates.add(picture);
        List<String> frame = new Frame(api.base(), style, screen.size()).draw(picture, rates);
        screen.show(frame);
        picture = isLast(shown) ? null : pictures.next();
      }
    }
  }

  private boolean isLast(int shown) {
    return stopped || shown == options.frames();
  }

  /** Ends with the process: nothing else can end a read of the keyboard. */
  private void watchKeys() {
    if (console.terminal().present()) {
      Thread.ofPlatform().daemon().name("keys").start(this::awaitQuit);
    }
  }

  private void awaitQuit() {
    try {
      int key;
      do {
        key = console.in().read();
      } while (key != 'q' && key != 'Q' && key != CONTROL_D && key != END);
      stop();
    } catch (IOException e) {
      stop();
    }
  }
}
