package org.osprey.coordinator.ctl.command;

import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.ctl.api.Api;
import org.osprey.coordinator.ctl.api.Field;
import org.osprey.coordinator.ctl.text.Details;
import org.osprey.coordinator.ctl.text.Human;
import tools.jackson.databind.JsonNode;

/** Sends one action and shows what became of it. */
final class SentAction {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Coordctl root;
  private final boolean async;

  SentAction(Coordctl root, boolean async) {
    this.root = root;
    this.async = async;
  }

  void send(Api api, String path, byte[] action, Duration atMost) {
    long start = System.nanoTime();
    JsonNode answer = api.post(path, action, atMost);
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    if (root.json()) {
      root.print(answer);
    } else {
      root.print(details(answer).add("took", Human.seconds(seconds)));
    }
  }

  private Details details(JsonNode answer) {
    Details details = new Details().add("id", Field.text(answer, "id"));
    if (async) {
      return details.add("status", Field.text(answer, "status"));
    }
    if (answer.has("name")) {
      details.add("name", Field.text(answer, "name"));
    }
    List<String> verdicts =
        Field.list(answer, "verdicts").stream().map(verdict -> verdict.asString("")).toList();
    return details.add("verdicts", verdicts.isEmpty() ? "none" : String.join(", ", verdicts));
  }
}
