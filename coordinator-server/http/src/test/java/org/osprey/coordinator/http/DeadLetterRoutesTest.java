package org.osprey.coordinator.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osprey.coordinator.core.Action;
import org.osprey.coordinator.core.DeadLetter;
import org.osprey.coordinator.http.HttpFixture.Answer;
import tools.jackson.databind.JsonNode;

class DeadLetterRoutesTest {
  private static final Instant TIME = Instant.parse("2026-11-21T10:15:30Z");

  private final HttpFixture http = new HttpFixture();

  @AfterEach
  void close() {
    http.close();
  }

  @Test
  void lettersAreListedInPagesWithoutPayloads() {
    assertEquals("{\"dead_letters\":[]}", http.get("/api/dead-letters").body());
    put(1, "orders");
    put(2, "orders");
    put(3, "other");
    JsonNode page = http.get("/api/dead-letters?limit=2").json();
    assertEquals(2, page.get("dead_letters").size());
    assertEquals("2", page.get("next").asString());
    assertFalse(page.toString().contains("secret-user"), page.toString());
    page = http.get("/api/dead-letters?limit=2&after=2").json();
    assertEquals("3", page.at("/dead_letters/0/action_id").asString());
    assertNull(page.get("next"));
  }

  @Test
  void aLetterIsShownWithItsPayloadAndWithoutItsSecret() {
    put(-1, "orders");
    Answer answer = http.get("/api/dead-letters/1");
    JsonNode letter = answer.json();
    assertEquals("18446744073709551615", letter.get("action_id").asString());
    assertEquals("secret-user", letter.at("/data/user").asString());
    assertEquals("nacked", letter.get("reason").asString());
    assertEquals("json", letter.get("encoding").asString());
    assertEquals("2026-11-21T10:15:30Z", letter.get("timestamp").asString());
    assertTrue(letter.get("has_secret_data").asBoolean());
    assertFalse(answer.body().contains("hush"), answer.body());
  }

  @Test
  void aMessageIsShownAsItIs() {
    DeadLetter.Undecoded message =
        new DeadLetter.Undecoded(null, new byte[] {1, 2}, Map.of("encoding", "cobol"), TIME);
    http.deadLetters.put(DeadLetter.undecodable("orders", "p=1", message, "no action"));
    JsonNode letter = http.get("/api/dead-letters/1").json();
    assertEquals("AQI=", letter.get("data_base64").asString());
    assertEquals("cobol", letter.at("/attributes/encoding").asString());
    assertEquals("undecodable", letter.get("reason").asString());
    assertNull(letter.get("action_id"));
  }

  @ParameterizedTest
  @CsvSource({"2", "x", "-1", "99999999999999999999"})
  void anUnknownLetterIsNotFound(String id) {
    put(1, "orders");
    assertEquals(404, http.get("/api/dead-letters/" + id).status());
  }

  @Test
  void chosenLettersArePurged() {
    put(1, "orders");
    put(2, "other");
    put(3, "orders");
    assertEquals(
        "{\"purged\":1}", http.post("/api/dead-letters/purge", "{\"ids\":[\"1\",\"9\"]}").body());
    assertEquals(
        "{\"purged\":0}",
        http.post("/api/dead-letters/purge", "{\"reason\":\"undecodable\"}").body());
    assertEquals(
        "{\"purged\":1}",
        http.post("/api/dead-letters/purge", "{\"reason\":\"nacked\",\"source\":\"other\"}")
            .body());
    assertEquals("{\"purged\":1}", http.post("/api/dead-letters/purge", "{\"all\":true}").body());
  }

  @Test
  void chosenLettersAreReplayed() {
    put(1, "orders");
    put(2, "other");
    http.workers.connect();
    CompletableFuture<Answer> replay =
        CompletableFuture.supplyAsync(
            () -> http.post("/api/dead-letters/replay", "{\"source\":\"orders\"}"));
    Awaitility.await().until(() -> http.workers.seen().contains(1L));
    http.workers.ackAll();
    assertEquals(
        "{\"replayed\":1,\"given_up_again\":0,\"undecodable\":0,\"unfinished\":0,"
            + "\"complete\":true}",
        replay.join().body());
    assertEquals(1, http.deadLetters.kept().size());
  }

  @Test
  void aReplayWaitsNoLongerThanItIsTold() {
    put(1, "orders");
    JsonNode replayed =
        http.post("/api/dead-letters/replay", "{\"all\":true,\"timeout\":\"50ms\"}").json();
    assertEquals(1, replayed.get("unfinished").asInt());
    assertEquals(1, http.deadLetters.kept().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 400 | want ids, reason or source",
        "{\"all\":false} | 400 | want ids, reason or source",
        "{\"ids\":[]} | 400 | ids: want 1 to 1000 of them, got 0",
        "{\"ids\":3} | 400 | ids",
        "{\"reasn\":\"nacked\"} | 400 | reasn",
        "{\"reason\":\"sad\"} | 400 | reason",
        "{\"all\":true,\"timeout\":\"soon\"} | 400 | timeout: want a duration",
        "{\"all\":true,\"timeout\":\"6m\"} | 400 | timeout: want at most 5m",
        "[] | 400 | want an object",
        "null | 400 | want an object",
        "{\"all\" | 400 | JSON",
      })
  void aSelectionIsChecked(String body, int status, String detail) {
    put(1, "orders");
    Answer answer = http.post("/api/dead-letters/replay", body);
    assertEquals(status, answer.status());
    assertEquals("application/problem+json", answer.type());
    assertTrue(answer.detail().contains(detail), answer.detail());
    assertFalse(answer.detail().contains("org.osprey"), answer.detail());
    assertEquals(1, http.deadLetters.kept().size());
  }

  @Test
  void aBodyMustSayThatItIsJson() {
    Answer answer = http.post("/api/dead-letters/purge");
    assertEquals(415, answer.status());
    assertTrue(answer.detail().startsWith("Content-Type: want application/json"));
  }

  @Test
  void lettersThatAreOnlyLoggedCannotBeListed() {
    try (HttpFixture logged = new HttpFixture(false)) {
      assertEquals(501, logged.get("/api/dead-letters").status());
      assertEquals(501, logged.get("/api/dead-letters/1").status());
      assertEquals(501, logged.post("/api/dead-letters/purge", "{\"all\":true}").status());
      assertEquals(501, logged.post("/api/dead-letters/replay", "{\"all\":true}").status());
    }
  }

  private void put(long id, String source) {
    Action action =
        new Action(
            id,
            "login",
            Action.Encoding.JSON,
            "{\"user\":\"secret-user\"}".getBytes(UTF_8),
            "{\"token\":\"hush\"}".getBytes(UTF_8),
            TIME);
    http.deadLetters.put(
        new DeadLetter(
            DeadLetter.Reason.NACKED,
            source,
            "place",
            new DeadLetter.Decoded(action),
            3,
            0,
            "nacked by worker w",
            null));
  }
}
