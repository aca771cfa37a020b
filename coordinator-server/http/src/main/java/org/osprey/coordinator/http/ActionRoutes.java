package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.codec.CallerActions;
import org.osprey.coordinator.codec.UndecodableException;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes actions: one by one or as NDJSON, with somebody waiting for the verdicts or nobody. */
public final class ActionRoutes implements HttpRoutes {
  private static final Logger log = LoggerFactory.getLogger(ActionRoutes.class);
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

  /** In multiples of the largest body. */
  private static final long MOST_BODIES_OUT = 2;

  private final SyncActions sync;
  private final AsyncActions async;
  private final IdGenerator ids;
  private final HttpSettings settings;
  private final InstantSource clock;

  /**
   * @param ids for actions that come without one
   */
  public ActionRoutes(
      Operator operator,
      Submissions submissions,
      IdGenerator ids,
      HttpSettings settings,
      Ticker ticker,
      InstantSource clock) {
    sync = new SyncActions(operator.dispatcher(), ticker);
    async = new AsyncActions(submissions, () -> operator.phase().get() == Operator.Phase.DRAINING);
    this.ids = ids;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void addTo(JavalinDefaultRoutingApi routes) {
    routes.post("/api/actions", this::post, Need.SUBMITTER);
  }

  private record VerdictsView(
      String id, String name, List<String> verdicts, @Nullable Instant timestamp) {}

  private record AcceptedView(String id, String status) {}

  private void post(Context context) throws InterruptedException {
    ActionSender sender = allowed(Caller.of(context), sender(context));
    String type = Parameters.mediaType(context);
    switch (type) {
      case JSON -> one(context, sender);
      case NDJSON -> many(context, sender);
      default ->
          throw new ProblemException(
              HttpStatus.UNSUPPORTED_MEDIA_TYPE,
              "Content-Type: want %s or %s, got %s"
                  .formatted(JSON, NDJSON, Parameters.shown(type)));
    }
  }

  private ActionSender sender(Context context) {
    Duration timeout = timeout(context.queryParam("timeout"));
    String mode = context.queryParam("mode");
    return switch (mode == null ? "sync" : mode) {
      case "sync" -> sync.within(timeout, context::header);
      case "async" -> async.within(timeout);
      default ->
          throw ProblemException.badRequest(
              "mode: want sync or async, got " + Parameters.shown(String.valueOf(mode)));
    };
  }

  private static ActionSender allowed(Caller caller, ActionSender sender) {
    return action -> {
      try {
        caller.send(action.name(), action.payload().length);
        return sender.send(action);
      } catch (RefusedException e) {
        return CompletableFuture.completedFuture(
            ActionResult.failed(
                Problems.status(e.reason()), action, String.valueOf(e.getMessage())));
      }
    };
  }

  private Duration timeout(@Nullable String text) {
    if (text == null) {
      return settings.maxWait();
    }
    Duration timeout = Parameters.duration("timeout", text, settings.maxWait());
    if (!timeout.isPositive() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw ProblemException.badRequest("timeout: want 1ms to 1h, got " + Parameters.shown(text));
    }
    return timeout;
  }

  private void one(Context context, ActionSender sender) throws InterruptedException {
    ActionResult result = result(sender, context.bodyAsBytes());
    Action action = result.action();
    if (!result.isGood() || action == null) {
      throw result.toProblem();
    }
    List<String> verdicts = result.verdicts();
    context
        .status(result.status())
        .json(
            verdicts == null
                ? new AcceptedView(action.idText(), "accepted")
                : new VerdictsView(action.idText(), action.name(), verdicts, result.decidedAt()));
  }

  private ActionResult result(ActionSender sender, byte[] body) throws InterruptedException {
    CompletableFuture<ActionResult> sent = send(sender, body);
    try {
      return sent.get();
    } catch (InterruptedException e) {
      sent.cancel(false);
      throw e;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void many(Context context, ActionSender sender) throws InterruptedException {
    context.status(HttpStatus.OK).contentType(NDJSON);
    try {
      new ActionBatch(
              new ActionLines(context.req().getInputStream(), settings.maxBody()),
              line -> send(sender, line),
              context.res().getOutputStream(),
              (int) Math.min(Integer.MAX_VALUE, MOST_BODIES_OUT * settings.maxBody()))
          .run();
    } catch (IOException e) {
      // The answer has begun, so there is nothing else to say: it ends early.
      log.info("batch ended early: peer={} cause=\"{}\"", context.ip(), e.toString());
    }
  }

  private CompletableFuture<ActionResult> send(ActionSender sender, ActionLines.Line line) {
    byte[] content = line.bytes();
    return content == null
        ? failed(
            HttpStatus.CONTENT_TOO_LARGE, "want at most %d bytes".formatted(settings.maxBody()))
        : send(sender, content);
  }

  private CompletableFuture<ActionResult> send(ActionSender sender, byte[] body) {
    Action action;
    try {
      action = CallerActions.read(body, ids, clock.instant());
    } catch (UndecodableException e) {
      return failed(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
    return sender.send(action);
  }

  private static CompletableFuture<ActionResult> failed(HttpStatus status, String detail) {
    return CompletableFuture.completedFuture(ActionResult.failed(status, null, detail));
  }
}
