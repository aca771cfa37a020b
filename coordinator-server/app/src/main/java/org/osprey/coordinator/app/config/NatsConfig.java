package org.osprey.coordinator.app.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;

/**
 * NATS JetStream; used when {@code sources}, {@code results}, {@code deadLetters} or {@code
 * submissions} name it.
 *
 * @param actionNames names of actions by the subject they come on, for messages that are the
 *     action's data and nothing else
 */
public record NatsConfig(
    List<String> servers,
    String credentialsFile,
    String user,
    String password,
    String token,
    TlsConfig tls,
    String stream,
    List<String> subjects,
    String durable,
    boolean createConsumer,
    Map<String, String> actionNames,
    Ordering ordering,
    String orderingHeader,
    int maxInFlight,
    ByteSize maxInFlightBytes,
    int pullBatch,
    Duration ackWait,
    String submitSubject,
    String resultsSubject,
    String deadLetterSubject,
    String deadLetterStream,
    boolean createDeadLetterStream) {

  private static final String SERVER = "(nats|tls|ws|wss)://[^\\s,]+|[^\\s,:/]+:\\d+";
  private static final String NAME = "[^\\s.*>/\\\\]+";
  private static final String SUBJECT = "[^\\s.*>]+(\\.[^\\s.*>]+)*";
  private static final String PATTERN = "[^\\s.>]+(\\.[^\\s.>]+)*(\\.>)?|>";

  /** Which actions must not be out at the same time. */
  public enum Ordering {
    NONE,
    KEY
  }

  public NatsConfig {
    Rules rules =
        new Rules()
            .that(!servers.isEmpty(), "[]", "at least one nats://host:port", "servers")
            .that(stream.matches(NAME), stream, "a stream's name", "stream")
            .that(durable.matches(NAME), durable, "a consumer's name", "durable")
            .that(
                deadLetterStream.matches(NAME),
                deadLetterStream,
                "a stream's name",
                "deadLetterStream")
            .that(
                resultsSubject.matches(SUBJECT),
                resultsSubject,
                "a subject without wildcards",
                "resultsSubject")
            .that(
                deadLetterSubject.matches(SUBJECT),
                deadLetterSubject,
                "a subject without wildcards",
                "deadLetterSubject")
            .that(
                submitSubject.isEmpty() || submitSubject.matches(SUBJECT),
                submitSubject,
                "a subject without wildcards",
                "submitSubject")
            .notBlank(orderingHeader, "orderingHeader")
            .atLeast(1, maxInFlight, "maxInFlight")
            .positive(maxInFlightBytes, "maxInFlightBytes")
            .atLeast(1, pullBatch, "pullBatch")
            .positive(ackWait, "ackWait");
    servers.forEach(server -> checkServer(rules, server, "servers"));
    subjects.forEach(
        subject -> rules.that(subject.matches(PATTERN), subject, "a subject", "subjects"));
    actionNames.forEach(
        (subject, name) -> {
          rules.that(subject.matches(PATTERN), subject, "a subject", "actionNames", subject);
          rules.notBlank(name, "actionNames", subject);
        });
    rules.check();
    servers = List.copyOf(servers);
    subjects = List.copyOf(subjects);
    actionNames = Map.copyOf(actionNames);
  }

  /** The same login and files for other servers. */
  public NatsConfig withServers(List<String> others) {
    return new NatsConfig(
        others,
        credentialsFile,
        user,
        password,
        token,
        tls,
        stream,
        subjects,
        durable,
        createConsumer,
        actionNames,
        ordering,
        orderingHeader,
        maxInFlight,
        maxInFlightBytes,
        pullBatch,
        ackWait,
        submitSubject,
        resultsSubject,
        deadLetterSubject,
        deadLetterStream,
        createDeadLetterStream);
  }

  static void checkServer(Rules rules, String server, String setting) {
    rules.that(server.matches(SERVER), server, "nats://host:port", setting);
  }
}
