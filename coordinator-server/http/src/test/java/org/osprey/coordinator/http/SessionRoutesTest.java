package org.osprey.coordinator.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osprey.coordinator.http.HttpFixture.Answer;
import org.osprey.coordinator.security.Role;

/** Signing in with a browser. */
@Timeout(60)
class SessionRoutesTest {
  private static final String PATH = "/api/session";

  @TempDir private Path folder;
  private KnownCallers callers;
  private HttpFixture http;

  @BeforeEach
  void open() {
    callers = KnownCallers.ofEachRole(folder);
    http = new HttpFixture(callers.security());
  }

  @AfterEach
  void close() {
    http.close();
    callers.close();
  }

  @Test
  void nobodyHasToWhereNobodyIsAsked() {
    try (HttpFixture open = new HttpFixture()) {
      assertEquals(
          "{\"required\":false,\"signed_in\":false,\"name\":\"anonymous\","
              + "\"may\":[\"operator\",\"submitter\",\"viewer\",\"worker\"]}",
          open.get(PATH).body());
      assertEquals(409, open.post(PATH, "{\"token\":\"any\"}").status());
    }
  }

  @Test
  void whoShowsNothingIsNobody() {
    assertEquals("{\"required\":true,\"signed_in\":false,\"may\":[]}", http.get(PATH).body());
  }

  @Test
  void aTokenTellsWhoItIsToo() {
    Answer answer = http.send(http.request(PATH).header("Authorization", bearer("operator")).GET());
    assertEquals(
        "{\"required\":true,\"signed_in\":false,\"name\":\"operator\","
            + "\"may\":[\"operator\",\"viewer\"]}",
        answer.body());
    assertEquals(
        401, http.send(http.request(PATH).header("Authorization", "Bearer no").GET()).status());
  }

  @Test
  void theCookieIsForNoScriptAndNoOtherSite() {
    Answer answer = signIn("operator");
    assertEquals(
        "{\"required\":true,\"signed_in\":true,\"name\":\"operator\","
            + "\"may\":[\"operator\",\"viewer\"]}",
        answer.body());
    String cookie = answer.response().headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(
        cookie.matches("coordinator-session-" + http.port() + "=[A-Za-z0-9_-]{43}; Path=/; .*"),
        cookie);
    assertTrue(cookie.contains("HttpOnly"), cookie);
    assertTrue(cookie.contains("SameSite=Strict"), cookie);
    assertFalse(cookie.contains("Secure"), cookie);
    assertFalse(cookie.contains("Domain"), cookie);
    assertEquals(Optional.of("no-store"), answer.response().headers().firstValue("Cache-Control"));
  }

  @Test
  void itsOwnerReadsAndSteersByIt() {
    String cookie = cookie(signIn("operator"));
    assertEquals(200, get("/api/queue", cookie).status());
    assertTrue(get(PATH, cookie).json().get("signed_in").asBoolean());
    assertEquals(202, steer("/api/drain", cookie).status());
    assertEquals(1, http.drains.get());
  }

  @Test
  void whatOtherPagesMakeABrowserSendIsRefused() {
    String cookie = cookie(signIn("operator"));
    Answer form =
        http.send(
            http.request("/api/drain").header("Cookie", cookie).POST(BodyPublishers.noBody()));
    assertEquals(403, form.status());
    assertTrue(form.detail().startsWith("X-Coordinator-Request: is missing"), form.detail());
    assertEquals(0, http.drains.get());
  }

  @Test
  void theRoleHoldsForTheSession() {
    String cookie = cookie(signIn("viewer"));
    assertEquals(200, get("/api/queue", cookie).status());
    assertEquals(403, steer("/api/drain", cookie).status());
    assertEquals(0, http.drains.get());
  }

  @Test
  void itEnds() {
    String cookie = cookie(signIn("operator"));
    Answer end = http.send(http.request(PATH).header("Cookie", cookie).DELETE());
    assertEquals(204, end.status());
    String gone = end.response().headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(gone.contains("=; Path=/; Expires=Thu, 01 Jan 1970 "), gone);
    assertEquals(401, get("/api/queue", cookie).status());
    assertFalse(get(PATH, cookie).json().get("signed_in").asBoolean());
    assertEquals(204, http.send(http.request(PATH).DELETE()).status());
  }

  @Test
  void itEndsWithItsToken() {
    String cookie = cookie(signIn("operator"));
    assertEquals(200, get("/api/queue", cookie).status());
    callers.write("operator", "another-token-0123456789");
    await().until(() -> get("/api/queue", cookie).status() == 401);
    callers.write("operator", KnownCallers.token("operator"));
    await().until(() -> signInWith(KnownCallers.token("operator")).status() == 200);
    assertEquals(401, get("/api/queue", cookie).status());
  }

  @Test
  void signingInAgainEndsTheOneBefore() {
    String first = cookie(signIn("viewer"));
    Answer second =
        http.send(
            http.request(PATH)
                .header("Cookie", first)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(KnownCallers.token("operator")))));
    List<String> cookies = second.response().headers().allValues("Set-Cookie");
    assertEquals(1, cookies.size());
    assertEquals(401, get("/api/queue", first).status());
    assertEquals(200, get("/api/queue", cookie(second)).status());
  }

  @Test
  void anyoneElsesCookieIsNone() {
    String name = "coordinator-session-" + http.port();
    assertEquals(401, get("/api/queue", name + "=").status());
    assertEquals(401, get("/api/queue", name + "=" + "A".repeat(43)).status());
  }

  @Test
  void aWrongTokenIsRefusedAndNotShown() {
    Answer answer = signInWith("planted-secret-0123456789");
    assertEquals(401, answer.status());
    assertFalse(answer.body().contains("planted"), answer.body());
    assertEquals(Optional.empty(), answer.response().headers().firstValue("Set-Cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "planted-secret",
        "\"planted-secret\"",
        "{}",
        "{\"token\":null}",
        "{\"token\":[\"planted-secret\"]}",
        "{\"planted-secret\":1}",
        "{\"token\":planted-secret}"
      })
  void whatIsNoTokenIsRefusedAndNotShown(String body) {
    Answer answer = http.post(PATH, body);
    assertEquals(400, answer.status());
    assertEquals("want {\"token\": \"...\"}", answer.detail());
  }

  @Test
  void otherSitesCannotSignAnybodyIn() {
    Answer form =
        http.send(http.request(PATH).POST(BodyPublishers.ofString(body("any-0123456789012"))));
    assertEquals(415, form.status());
    Answer script =
        http.send(
            http.request(PATH)
                .header("Sec-Fetch-Site", "cross-site")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body(KnownCallers.token("viewer")))));
    assertEquals(403, script.status());
  }

  @Test
  void aTokenInTheHeaderCountsMoreThanASession() {
    String cookie = cookie(signIn("operator"));
    Answer answer =
        http.send(
            http.request("/api/drain")
                .header("Cookie", cookie)
                .header("Authorization", bearer("viewer"))
                .POST(BodyPublishers.noBody()));
    assertEquals(403, answer.status());
    assertTrue(answer.detail().startsWith("viewer is no " + Role.OPERATOR.title()));
  }

  private Answer signIn(String name) {
    Answer answer = signInWith(KnownCallers.token(name));
    assertEquals(200, answer.status(), answer.body());
    return answer;
  }

  private Answer signInWith(String token) {
    return http.post(PATH, body(token));
  }

  private Answer get(String path, String cookie) {
    return http.send(http.request(path).header("Cookie", cookie).GET());
  }

  private Answer steer(String path, String cookie) {
    return http.send(
        http.request(path)
            .header("Cookie", cookie)
            .header("X-Coordinator-Request", "1")
            .POST(BodyPublishers.noBody()));
  }

  private static String body(String token) {
    return "{\"token\":\"" + token + "\"}";
  }

  private static String bearer(String name) {
    return KnownCallers.bearer(name);
  }

  private static String cookie(Answer answer) {
    String cookie = answer.response().headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.replaceFirst(";.*", "");
  }
}
