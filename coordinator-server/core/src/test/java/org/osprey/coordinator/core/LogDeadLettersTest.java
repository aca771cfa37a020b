package org.osprey.coordinator.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.core.DeadLetter.Reason;
import org.slf4j.LoggerFactory;

class LogDeadLettersTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(LogDeadLetters.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.TRACE);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  @Test
  void aLineSaysWhoAndWhyButNeitherPayloadNorSecret() {
    byte[] payload = "{\"mail\":\"someone@example.org\"}".getBytes(UTF_8);
    byte[] secret = "{\"token\":\"hush\"}".getBytes(UTF_8);
    Action action =
        new Action(-1, "user_login", Action.Encoding.JSON, payload, secret, Instant.EPOCH);
    DeadLetter letter =
        new DeadLetter(
            Reason.NACKED,
            "kafka",
            "topic=t partition=0 offset=9",
            new DeadLetter.Decoded(action),
            3,
            1,
            "nacked by worker w",
            null);

    assertTrue(new LogDeadLetters().put(letter).toCompletableFuture().isDone());

    assertEquals(
        List.of(
            "dead letter: action_id=18446744073709551615 action_name=user_login source=kafka"
                + " origin=\"topic=t partition=0 offset=9\" reason=NACKED nacks=3 deaths=1 bytes=46"
                + " error=\"nacked by worker w\""),
        lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
    assertEquals(Level.ERROR, lines.list.getFirst().getLevel());
    assertNull(lines.list.getFirst().getThrowableProxy());
  }
}
