package org.osprey.coordinator.http;

import io.javalin.http.Context;
import io.javalin.http.Header;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.DeadLetterStore.StoreException;
import org.osprey.coordinator.security.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes problem details of whatever a handler throws. */
final class Problems {
  static final String CONTENT_TYPE = "application/problem+json";

  /** Bytes of a body that nobody wants. */
  private static final int MOST_DISCARDED = 64 << 20;

  private static final int BUFFER = 16 * 1024;

  /** Seconds. */
  private static final int RETRY_AFTER = 1;

  private static final Pattern METHOD = Pattern.compile("[A-Z]+");
  private static final Logger log = LoggerFactory.getLogger(Problems.class);

  private Problems() {}

  private record Problem(
      String type,
      String title,
      int status,
      @Nullable String detail,
      String instance,
      @Nullable List<String> mistakes) {}

  static void handle(JavalinDefaultRoutingApi routes) {
    routes.exception(ProblemException.class, (problem, context) -> write(context, problem));
    routes.exception(
        RefusedException.class, (refused, context) -> write(context, ofRefusal(refused)));
    routes.exception(
        StoreException.class,
        (failure, context) ->
            write(
                context,
                new ProblemException(
                    HttpStatus.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()), 1)));
    routes.exception(
        MethodNotAllowedResponse.class,
        (failure, context) -> {
          String allowed = String.join(", ", allowed(failure));
          context.header("Allow", allowed);
          write(context, HttpStatus.METHOD_NOT_ALLOWED, "the path takes " + allowed);
        });
    routes.exception(
        HttpResponseException.class,
        (failure, context) ->
            write(context, HttpStatus.forStatus(failure.getStatus()), failure.getMessage()));
    routes.exception(
        Exception.class,
        (failure, context) -> {
          log.error("request failed: method={} path={}", context.method(), context.path(), failure);
          write(context, HttpStatus.INTERNAL_SERVER_ERROR, "see the coordinator's log");
        });
  }

  static ProblemException ofRefusal(RefusedException refused) {
    String detail = String.valueOf(refused.getMessage());
    HttpStatus status = status(refused.reason());
    return new ProblemException(
        status, detail, status == HttpStatus.TOO_MANY_REQUESTS ? RETRY_AFTER : 0);
  }

  static HttpStatus status(RefusedException.Reason reason) {
    return switch (reason) {
      case NO_CREDENTIAL, BAD_CREDENTIAL -> HttpStatus.UNAUTHORIZED;
      case ROLE, ACTION_NAME -> HttpStatus.FORBIDDEN;
      case PAYLOAD -> HttpStatus.CONTENT_TOO_LARGE;
      case RATE, STREAMS -> HttpStatus.TOO_MANY_REQUESTS;
    };
  }

  /** Javalin tells the methods among other details, for people. */
  private static List<String> allowed(MethodNotAllowedResponse failure) {
    String methods = failure.getDetails().getOrDefault("availableMethods", "");
    return METHOD.matcher(methods).results().map(MatchResult::group).sorted().toList();
  }

  static void write(Context context, ProblemException problem) {
    if (problem.retryAfterSeconds() > 0) {
      context.header(Header.RETRY_AFTER, Integer.toString(problem.retryAfterSeconds()));
    }
    if (problem.status() == HttpStatus.UNAUTHORIZED) {
      context.header(Header.WWW_AUTHENTICATE, "Bearer");
    }
    List<String> mistakes = problem.mistakes();
    write(context, problem.status(), problem.getMessage(), mistakes.isEmpty() ? null : mistakes);
  }

  private static void write(Context context, HttpStatus status, @Nullable String detail) {
    write(context, status, detail, null);
  }

  private static void write(
      Context context,
      HttpStatus status,
      @Nullable String detail,
      @Nullable List<String> mistakes) {
    if (status == HttpStatus.CONTENT_TOO_LARGE) {
      discardBody(context);
    }
    context
        .status(status)
        .json(
            new Problem(
                "about:blank",
                status.getMessage(),
                status.getCode(),
                detail,
                context.path(),
                mistakes))
        .contentType(CONTENT_TYPE);
  }

  /** Who is cut off while it sends sees a broken connection and not the answer. */
  private static void discardBody(Context context) {
    if ("100-continue".equalsIgnoreCase(context.header("Expect"))) {
      // It has sent nothing yet.
      return;
    }
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream body = context.req().getInputStream();
      int left = MOST_DISCARDED;
      while (left > 0) {
        int read = body.read(buffer);
        left = read < 0 ? 0 : left - read;
      }
    } catch (IOException e) {
      // It went away by itself.
    }
  }
}
