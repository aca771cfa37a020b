package org.osprey.coordinator.ctl.api;

import java.util.List;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.text.Cell;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Makes one line of a refusal, and one of each mistake that it lists. */
final class Problem {
  static final String MEDIA_TYPE = "application/problem+json";
  private static final int LONGEST_DETAIL = 2_000;
  private static final int MOST_MISTAKES = 1_000;
  private static final int UNKNOWN_CALLER = 401;
  private static final int NOT_ALLOWED = 403;

  private Problem() {}

  static Failure of(Answer answer, Http asked) {
    if (!answer.mediaType().equals(MEDIA_TYPE)) {
      // A proxy perhaps, or another server; a coordinator says more.
      return new Failure(
          Exit.NO_ANSWER,
          "%s does not answer as a coordinator: HTTP status %d"
              .formatted(asked.base(), answer.status()));
    }
    JsonNode problem = read(answer.body());
    String line = line(answer, problem) + advice(answer.status(), asked.credentials());
    return new Failure(Exit.REFUSED, line, mistakes(problem));
  }

  private static List<String> mistakes(JsonNode problem) {
    return Field.list(problem, "mistakes").stream()
        .limit(MOST_MISTAKES)
        .map(mistake -> shortened(mistake.asString("")))
        .toList();
  }

  private static String line(Answer answer, JsonNode problem) {
    String title = problem.path("title").asString("");
    String detail = problem.path("detail").asString("");
    StringBuilder line = new StringBuilder(detail.isBlank() ? "refused" : shortened(detail));
    line.append(" (").append(answer.status());
    line.append(title.isBlank() ? "" : " " + title).append(')');
    if (!answer.retryAfter().isBlank()) {
      line.append("; try again in ").append(answer.retryAfter()).append(" s");
    }
    return Cell.clean(line.toString());
  }

  /** What the one who asked can do about it. */
  private static String advice(int status, Credentials credentials) {
    return switch (status) {
      case UNKNOWN_CALLER ->
          credentials.given()
              ? "; is that token or certificate known there, and not expired?"
              : "; --token-file or OSPREY_COORDINATOR_TOKEN_FILE name a file with a token";
      case NOT_ALLOWED -> "; somebody with more rights may (--token-file)";
      default -> "";
    };
  }

  private static JsonNode read(byte[] body) {
    try {
      return Json.read(body);
    } catch (JacksonException e) {
      return Json.object();
    }
  }

  private static String shortened(String detail) {
    return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
  }
}
