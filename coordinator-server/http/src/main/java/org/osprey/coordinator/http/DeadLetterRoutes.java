package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.core.DeadLetterOperations;
import org.osprey.coordinator.core.DeadLetterOperations.Replayed;
import org.osprey.coordinator.core.DeadLetterStore.StoredLetter;
import org.osprey.coordinator.http.LetterViews.Letter;
import org.osprey.coordinator.http.LetterViews.LetterWithPayload;

/** Dead letters: list, show, replay, purge. */
public final class DeadLetterRoutes implements HttpRoutes {
  private static final int MAX_IDS = 1000;
  private static final Duration USUAL_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Operator operator;

  public DeadLetterRoutes(Operator operator) {
    this.operator = operator;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.get("/api/dead-letters", this::list, Need.VIEWER);
    routes.get("/api/dead-letters/{id}", this::show, Need.VIEWER);
    routes.post("/api/dead-letters/replay", this::replay, Need.OPERATOR);
    routes.post("/api/dead-letters/purge", this::purge, Need.OPERATOR);
  }

  private record Page(List<Letter> deadLetters, @Nullable String next) {}

  private record Purged(int purged) {}

  private record Selection(
      @Nullable Set<String> ids,
      @Nullable Boolean all,
      DeadLetter.@Nullable Reason reason,
      @Nullable String source,
      @Nullable String timeout) {

    static Selection read(Context context) {
      Selection selection = Json.read(Parameters.jsonBody(context), Selection.class);
      boolean chosen =
          selection.ids != null || selection.reason != null || selection.source != null;
      if (!chosen && !Boolean.TRUE.equals(selection.all)) {
        throw ProblemException.badRequest(
            "want ids, reason or source, or all: true for every dead letter");
      }
      if (selection.ids != null && (selection.ids.isEmpty() || selection.ids.size() > MAX_IDS)) {
        throw ProblemException.badRequest(
            "ids: want 1 to %d of them, got %d".formatted(MAX_IDS, selection.ids.size()));
      }
      return selection;
    }

    Predicate<StoredLetter> wanted() {
      Set<String> wantedIds = ids == null ? null : new HashSet<>(ids);
      return stored ->
          (wantedIds == null || wantedIds.contains(stored.id()))
              && (reason == null || reason == stored.letter().reason())
              && (source == null || source.equals(stored.letter().source()));
    }

    Duration atMost() {
      Duration atMost = Parameters.duration("timeout", timeout, USUAL_WAIT);
      if (atMost.compareTo(LONGEST_WAIT) > 0) {
        throw ProblemException.badRequest("timeout: want at most 5m, got " + timeout);
      }
      return atMost;
    }
  }

  private void list(Context context) {
    int limit = Parameters.limit(context);
    List<StoredLetter> letters = kept().list(context.queryParam("after"), limit);
    String next = letters.size() < limit ? null : letters.getLast().id();
    context.json(new Page(letters.stream().map(Letter::of).toList(), next));
  }

  private void show(Context context) {
    String id = context.pathParam("id");
    StoredLetter letter = kept().show(id);
    if (letter == null) {
      throw ProblemException.notFound("id: no dead letter is called " + Parameters.shown(id));
    }
    context.json(LetterWithPayload.of(letter));
  }

  private void replay(Context context) throws InterruptedException {
    DeadLetterOperations letters = kept();
    Selection selection = Selection.read(context);
    Duration atMost = selection.atMost();
    try {
      Replayed replayed = letters.replay(selection.wanted(), atMost);
      context.json(replayed);
    } catch (IllegalStateException e) {
      throw ProblemException.conflict(String.valueOf(e.getMessage()));
    }
  }

  private void purge(Context context) {
    DeadLetterOperations letters = kept();
    context.json(new Purged(letters.purge(Selection.read(context).wanted())));
  }

  private DeadLetterOperations kept() {
    DeadLetterOperations letters = operator.deadLetters();
    if (letters == null) {
      throw new ProblemException(
          HttpStatus.NOT_IMPLEMENTED, "dead letters are only logged: deadLetters.store is log");
    }
    return letters;
  }
}
