package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Alone, because it reads what every test of this JVM logs. */
@Isolated
class OutageTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Outage outage = new Outage();

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(logged);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  @Test
  void twoStoresWithTheSameTroubleAreOneOutage() {
    outage.report("v3", null);
    outage.report("v3", "no answer");
    outage.report("v2", "no answer");
    outage.report("v3", "no answer");
    outage.report("v3", null);
    outage.report("v2", "no answer");
    outage.report("v2", null);
    outage.report("v3", null);
    assertEquals(
        List.of(
            "cannot announce in etcd, will go on trying: trouble=\"no answer\"",
            "announced in etcd, trouble is over: was=\"no answer\""),
        lines());
  }

  @Test
  void anotherTroubleIsAnotherLine() {
    outage.report("v3", "no answer");
    outage.report("v3", "wrong password");
    outage.report("v3", null);
    assertEquals(
        List.of(
            "cannot announce in etcd, will go on trying: trouble=\"no answer\"",
            "cannot announce in etcd, will go on trying: trouble=\"wrong password\"",
            "announced in etcd, trouble is over: was=\"wrong password\""),
        lines());
  }

  private List<String> lines() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
