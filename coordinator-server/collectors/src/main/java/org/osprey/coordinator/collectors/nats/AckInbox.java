package org.osprey.coordinator.collectors.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.ThreadSafe;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.util.function.Consumer;
import org.osprey.coordinator.collectors.nats.Answers.Answer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where streams answer one channel over one connection: a subject for each event, which ends with
 * its position, and one subscription for all of them.
 */
@ThreadSafe
final class AckInbox {
  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] ERROR = "\"error\"".getBytes(UTF_8);

  /** Codes of the JetStream API. */
  private static final int MESSAGE_TOO_LARGE = 10054;

  private final String prefix;
  private final Answers answers;
  private final Consumer<String> troubles;
  private final Runnable wake;

  @SuppressWarnings("ThreadSafe") // the client's, for any thread
  private final Connection connection;

  @SuppressWarnings("ThreadSafe") // as above
  private final Dispatcher dispatcher;

  /**
   * @param troubles told why something was not stored
   * @param wake run after each answer, on a thread of the client's
   */
  AckInbox(Connection connection, Answers answers, Consumer<String> troubles, Runnable wake) {
    this.connection = connection;
    this.answers = answers;
    this.troubles = troubles;
    this.wake = wake;
    prefix = connection.createInbox() + '.';
    dispatcher = connection.createDispatcher(this::answered);
    // What was sent is the bound.
    dispatcher.setPendingLimits(0, 0);
    dispatcher.subscribe(prefix + '*');
  }

  /** Where the answer for an event goes. */
  String replyTo(long position) {
    return prefix + position;
  }

  void close() {
    try {
      connection.closeDispatcher(dispatcher);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // It ended with its connection.
    }
  }

  private void answered(Message message) {
    long position =
        Long.parseLong(message.getSubject(), prefix.length(), message.getSubject().length(), 10);
    answers.put(position, answer(message));
    wake.run();
  }

  private Answer answer(Message message) {
    if (message.isStatusMessage()) {
      troubles.accept("no stream takes it, or JetStream is off");
      return Answer.FAILED;
    }
    return contains(message.getData(), ERROR) ? parsed(message.getData()) : Answer.STORED;
  }

  private Answer parsed(byte[] data) {
    JsonNode answer;
    try {
      answer = JSON.readTree(data);
    } catch (JacksonException e) {
      troubles.accept("the answer is no JSON");
      return Answer.FAILED;
    }
    JsonNode error = answer.path("error");
    if (error.isMissingNode()) {
      return Answer.STORED;
    }
    if (error.path("err_code").asInt(0) == MESSAGE_TOO_LARGE) {
      return Answer.TOO_LARGE;
    }
    troubles.accept("the stream says: " + error.path("description").asString(""));
    return Answer.FAILED;
  }

  private static boolean contains(byte[] text, byte[] wanted) {
    for (int from = 0; from + wanted.length <= text.length; from++) {
      int same = 0;
      while (same < wanted.length && text[from + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return true;
      }
    }
    return false;
  }
}
