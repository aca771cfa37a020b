package org.osprey.coordinator.app.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigMistakesTest {

  @Test
  void allMistakesAreReportedAtOnce() {
    String yaml =
        """
        rpc:
          workerPort: many
          syncPort: 70000
          eventLoops: 0
          legacyStatusCodes: yes
          keepAliv: 10s
        queue: full
        leases:
          time: 60
          byAction:
            user_login: 0s
        retries:
          backoff: 1m
        kafka:
          properties:
            group.id: other
          topic: a
          topic: "b c"
        maxMessage: 1MiB
        """;
    assertEquals(
        List.of(
            "kafka.topic (test.yaml:18): this key was already used at test.yaml:17",
            "maxMessage (test.yaml:19): unknown key, did you mean rpc.maxMessage?",
            "OSPREY_COORDINATOR_CONSUMER_TYPE (sources): got \"kafak\", want one of none, kafka,"
                + " pubsub, nats",
            "rpc.keepAliv (test.yaml:6): unknown key, did you mean rpc.keepAlive?",
            "rpc.workerPort (test.yaml:2): got \"many\", want a whole number, at most 2147483647",
            "rpc.legacyStatusCodes (test.yaml:5): got \"yes\", want true or false",
            "rpc.syncPort (test.yaml:3): got \"70000\", want a port from 0 (any free one) to 65535",
            "rpc.eventLoops (test.yaml:4): got \"0\", want a number from 1 to 1024",
            "queue (test.yaml:7): got a single value, want a section",
            "leases.time (test.yaml:9): got \"60\", want a duration with its unit, such as 500ms,"
                + " 30s, 2m or 1h",
            "leases.byAction.user_login (test.yaml:11): got \"0s\", want a duration longer than 0s",
            "retries.maxBackoff: got \"30s\", want no less than retries.backoff",
            "kafka.topic (test.yaml:18): got \"b c\", want 1 to 249 letters, digits, dots, dashes,"
                + " underscores",
            "kafka.deadLetterTopic: got \"b c.dead-letters\", want 1 to 249 letters, digits, dots,"
                + " dashes, underscores",
            "kafka.properties.group.id (test.yaml:16): got \"other\", want no such property: the"
                + " coordinator sets it"),
        ConfigFiles.mistakes(yaml, Map.of("OSPREY_COORDINATOR_CONSUMER_TYPE", "kafak")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rpc: {workerPort: [1]} | rpc.workerPort (test.yaml:1): got a list, want a single value",
        "rpc: {workerPort: 1.5} | rpc.workerPort (test.yaml:1): got \"1.5\", want a whole number",
        "rpc: {workerPort: \"\"} | rpc.workerPort (test.yaml:1): got \"\", want a whole number",
        "rpc: {workerPort: -1} | rpc.workerPort (test.yaml:1): got \"-1\", want a port from 0",
        "rpc: {workerPort: 7, syncPort: 7} | rpc.syncPort (test.yaml:1): got \"7\", want another",
        "rpc: {bindAddress: \" \"} | rpc.bindAddress (test.yaml:1): got \" \", want some text",
        "rpc: {maxMessage: 4096} | rpc.maxMessage (test.yaml:1): got \"4096\", want a size with",
        "rpc: {maxMessage: 2GiB} | rpc.maxMessage (test.yaml:1): got \"2GiB\", want a size from 1B",
        "rpc: {maxCredits: 1001} | rpc.maxCredits (test.yaml:1): got \"1001\", want a number from",
        "queue: {sync: {bytes: 0B}} | queue.sync.bytes (test.yaml:1): got \"0B\", want at least 1B",
        "leases: {time: 9000h} | leases.time (test.yaml:1): got \"9000h\", want a duration with",
        "leases: {byAction: [a]} | leases.byAction (test.yaml:1): got a list, want keys and values",
        "sources: {kafka: 1} | sources (test.yaml:1): got a section, want a list",
        "{sources: [pubsub], pubsub: {subscription: a}} | pubsub.project: got \"\", want some text",
        "kafka: {ordering: keys} | kafka.ordering (test.yaml:1): got \"keys\", want one of none, key",
        "tracing: {exporter: otlp, endpoint: a:1} | tracing.endpoint (test.yaml:1): got \"a:1\", want",
        "metrics: {exporter: otlp, endpoint: a:1} | metrics.endpoint (test.yaml:1): got \"a:1\", want",
        "metrics: {interval: 0s} | metrics.interval (test.yaml:1): got \"0s\", want a duration longer",
        "{metrics: {exporter: otlp}, tracing: {endpoint: a}} | tracing.endpoint (test.yaml:1): got \"a\"",
        "tracing: {sampleRatio: 2} | tracing.sampleRatio (test.yaml:1): got \"2.0\", want a number from",
        "tracing: {sampleRatio: half} | tracing.sampleRatio (test.yaml:1): got \"half\", want a number",
        "kafka: {bootstrapServers: a:1 b:2} | kafka.bootstrapServers (test.yaml:1): got \"a:1 b:2\", want",
        "kafka: {bootstrapServers: kafka} | kafka.bootstrapServers (test.yaml:1): got \"kafka\", want",
        "kafka: {topic: a, deadLetterTopic: a} | kafka.deadLetterTopic (test.yaml:1): got \"a\", want",
        "kafka: {properties: {a: {b: c}}} | kafka.properties.a (test.yaml:1): got a section, want a",
        "actions: {numbers: {1: a}} | actions.numbers.1 (test.yaml:1): got \"1\", want a field number",
        "actions: {numbers: {x: a}} | actions.numbers (test.yaml:1): got \"x\", want a whole number",
        "actions: {numbers: {14: \"\"}} | actions.numbers.14 (test.yaml:1): got \"\", want some text",
        "tasks: {services: {a: x}} | tasks.services.a.url (test.yaml:1): got \"x\", want http://host",
        "tasks: {services: {a: \"http://a_b:1/c\"}} | tasks.services.a.url (test.yaml:1): got \"http://a_b",
        "tasks: {services: {a: \"http://u:hush@a/c\"}} | tasks.services.a.url (test.yaml:1): got \"http://***",
        "tasks: {services: {a: \"http://a:99999\"}} | tasks.services.a.url (test.yaml:1): got \"http://a:9",
        "tasks: {services: {a: \"ftp://a/b c\"}} | tasks.services.a.url (test.yaml:1): got \"ftp://a/b c\"",
        "tasks: {services: {a: {timeout: 1s}}} | tasks.services.a (test.yaml:1): got \"\", want a url or a",
        "tasks: {services: {a: {pool: p, retries: -1}}} | tasks.services.a.retries (test.yaml:1): got",
        "tasks: {services: {a: {pool: p, rate: -1}}} | tasks.services.a.rate (test.yaml:1): got \"-1.0\"",
        "tasks: {services: {a: {pool: p, tries: 1}}} | tasks.services.a.tries (test.yaml:1): unknown key,",
        "tasks: {services: {a: [b]}} | tasks.services.a (test.yaml:1): got a list, want a section",
        "tasks: {services: {a b: \"http://a\"}} | tasks.services.a b (test.yaml:1): got \"a b\", want a",
        "snowflake: {endpoint: ids} | snowflake.endpoint (test.yaml:1): got \"ids\", want http://",
        "snowflake: {workerId: 32} | snowflake.workerId (test.yaml:1): got \"32\", want a number",
        "rpc: {workerPort: *a} | rpc.workerPort (test.yaml:1): want the value itself, aliases",
        "rpcs: {} | rpcs (test.yaml:1): unknown key, did you mean rpc?",
        "kafak: | kafak (test.yaml:1): unknown key, did you mean kafka?",
        "[] | test.yaml:1: want keys and values",
        "kafka: {topic: \"${NO}\"} | kafka.topic (test.yaml:1): variable NO is not set, want it set or",
      })
  void eachNamesTheSettingWhatWasGotAndWhatIsWanted(String yaml, String mistake) {
    List<String> mistakes = ConfigFiles.mistakes(yaml);
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.getFirst().startsWith(mistake), mistakes::toString);
  }

  @Test
  void aBadVariableIsNamed() {
    assertEquals(
        List.of(
            "OSPREY_COORDINATOR_BIDI_STREAM_PORT (rpc.workerPort): got \"65536\", want a port from"
                + " 0 (any free one) to 65535"),
        ConfigFiles.mistakes(
            "rpc: {workerPort: 5}", Map.of("OSPREY_COORDINATOR_BIDI_STREAM_PORT", "65536")));
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertEquals(
        List.of("test.yaml:3: a second document begins, want one"),
        ConfigFiles.mistakes("rpc: {}\n---\nkafka: {}\n"));
  }

  @Test
  void brokenYamlSaysWhereAndQuotesNothing() {
    List<String> mistakes = ConfigFiles.mistakes("kafka:\n  password: \"hunter2\n");
    assertEquals(1, mistakes.size());
    assertTrue(mistakes.getFirst().startsWith("test.yaml:"), mistakes::toString);
    assertTrue(mistakes.getFirst().contains("not YAML: while "), mistakes::toString);
    assertTrue(mistakes.getFirst().contains("unexpected end"), mistakes::toString);
    assertFalse(mistakes.getFirst().contains("hunter2"), mistakes::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rpc:\n\tworkerPort: 3", "a: @", "? [a]\n: b", "a: {", "a: b: c", "\u0000"})
  void brokenYamlIsOneMistake(String yaml) {
    List<String> mistakes = ConfigFiles.mistakes(yaml);
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.getFirst().startsWith("test.yaml:"), mistakes::toString);
  }

  @Test
  void deepYamlIsOneMistake() {
    List<String> mistakes = ConfigFiles.mistakes("rpc: " + "[".repeat(100_000));
    assertEquals(1, mistakes.size(), mistakes::toString);
    assertTrue(mistakes.getFirst().startsWith("test.yaml:1: not YAML: "), mistakes::toString);
  }

  @Test
  void secretsAreNotRepeated() {
    String yaml =
        """
        kafka:
          properties:
            group.id: a
            sasl.password: {hunter2: 1}
        snowflake:
          endpoint: ftp://user:hunter2@ids
        """;
    List<String> mistakes = ConfigFiles.mistakes(yaml);
    assertEquals(3, mistakes.size(), mistakes::toString);
    assertFalse(mistakes.toString().contains("hunter2"), mistakes::toString);
  }
}
