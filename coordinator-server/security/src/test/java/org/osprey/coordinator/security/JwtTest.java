package org.osprey.coordinator.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.security.RefusedException.Reason;

/** Against an issuer on this host. */
@Timeout(120)
class JwtTest {
  private static final String ISSUER = "https://issuer.example";
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration LEEWAY = Duration.ofSeconds(30);

  private final ManualTicker ticker = new ManualTicker();
  private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  private final AtomicReference<String> answer = new AtomicReference<>("");
  private final AtomicInteger asked = new AtomicInteger();
  private final ECKey key = key("first");
  private final HttpServer issuer;
  private final Access access;

  JwtTest() throws IOException {
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    access = new Access(settings(), ticker, time::get);
  }

  @BeforeEach
  void start() throws Exception {
    publish(key);
    issuer.createContext(
        "/keys",
        exchange -> {
          asked.incrementAndGet();
          byte[] body = answer.get().getBytes(UTF_8);
          exchange.sendResponseHeaders(body.length == 0 ? 500 : 200, Math.max(1, body.length));
          exchange.getResponseBody().write(body.length == 0 ? new byte[1] : body);
          exchange.close();
        });
    issuer.start();
    access.start();
    awaitGood(jwt(key, claims -> claims));
  }

  @AfterEach
  void close() {
    access.close();
    issuer.stop(0);
  }

  @Test
  void aSubjectOfTheSettingsIsThatIdentity() throws Exception {
    assertEquals("feeder", identify(jwt(key, claims -> claims.subject("svc-1"))).name());
  }

  @Test
  void anyOtherSubjectHasTheRolesThatItsJwtSays() throws Exception {
    Identity listed =
        identify(
            jwt(
                key,
                claims ->
                    claims.claim(
                        "realm", Map.of("roles", List.of("viewer", "worker", "admin", "null")))));
    assertEquals(Set.of(Role.VIEWER, Role.WORKER), listed.roles());
    Identity text =
        identify(jwt(key, claims -> claims.claim("realm", Map.of("roles", "operator other"))));
    assertEquals(Set.of(Role.OPERATOR), text.roles());
    assertEquals(Set.of(), identify(jwt(key, claims -> claims)).roles());
    assertEquals(Set.of(), identify(jwt(key, claims -> claims.claim("realm", 7))).roles());
  }

  @Test
  void onlyWhatTheIssuerSaysToThisAudienceAndNowIsGood() throws Exception {
    for (UnaryOperator<JWTClaimsSet.Builder> wrong :
        List.<UnaryOperator<JWTClaimsSet.Builder>>of(
            claims -> claims.issuer("https://other.example"),
            claims -> claims.audience("another"),
            claims -> claims.audience((String) null),
            claims -> claims.subject(null),
            claims -> claims.expirationTime(null),
            claims -> claims.expirationTime(date(NOW.minus(LEEWAY).minusSeconds(2))),
            claims -> claims.notBeforeTime(date(NOW.plus(LEEWAY).plusSeconds(2))))) {
      assertBad(jwt(key, wrong));
    }
    identify(jwt(key, claims -> claims.expirationTime(date(NOW.minusSeconds(10)))));
    identify(jwt(key, claims -> claims.notBeforeTime(date(NOW.plusSeconds(10)))));
  }

  @Test
  void onlySignaturesOfTheSetAlgorithmAreGood() throws Exception {
    JWTClaimsSet claims = claims().build();
    assertBad(new PlainJWT(claims).serialize());
    SignedJWT byPublicKey =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("first").build(), claims);
    byPublicKey.sign(
        new MACSigner(Arrays.copyOf(key.toPublicJWK().toJSONString().getBytes(UTF_8), 64)));
    assertBad(byPublicKey.serialize());
    assertBad(jwt(new ECKey.Builder(key("first")).build(), same -> same));
    String good = jwt(key, same -> same);
    assertBad(good.substring(0, good.lastIndexOf('.') + 1));
    assertBad(good.replaceFirst("\\.[^.]*\\.", ".e30."));
    assertBad("a.b.c");
  }

  @Test
  void aJwtRunsOutThoughItWasGoodBefore() throws Exception {
    String jwt = jwt(key, claims -> claims.expirationTime(date(NOW.plusSeconds(60))));
    assertSame(identify(jwt), identify(jwt));
    time.set(NOW.plusSeconds(60).plus(LEEWAY).plusSeconds(1));
    assertBad(jwt);
  }

  @Test
  void aNewKeyIsFetchedWhenItIsShownButNotAtEachJwt() throws Exception {
    ECKey second = key("second");
    String jwt = jwt(second, claims -> claims);
    publish(second);
    for (int shown = 0; shown < 100; shown++) {
      assertBad(jwt);
    }
    assertEquals(1, asked.get());
    String old = jwt(key, claims -> claims);
    identify(old);

    ticker.advance(Duration.ofSeconds(10));
    awaitGood(jwt);
    assertBad(old);
  }

  @Test
  void theKeysThatAreHereStayWhileTheIssuerIsDown() throws Exception {
    answer.set("");
    ticker.advance(Duration.ofMinutes(10));
    await().until(() -> !access.check().healthy());
    assertTrue(access.check().detail().contains("answers 500"), access.check()::detail);
    identify(jwt(key, claims -> claims));

    answer.set("{\"no\":\"keys\"}");
    ticker.advance(Duration.ofSeconds(10));
    await().until(() -> !access.check().detail().contains("500"));
    assertFalse(access.check().healthy());
    identify(jwt(key, claims -> claims));

    publish(key);
    ticker.advance(Duration.ofSeconds(10));
    await().until(() -> access.check().healthy());
  }

  private AccessSettings settings() {
    URI keys = URI.create("http://127.0.0.1:%d/keys".formatted(issuer.getAddress().getPort()));
    IdentitySettings feeder =
        new IdentitySettings(
            "feeder",
            Set.of(Role.SUBMITTER),
            null,
            List.of(),
            List.of("svc-1"),
            Identity.Limits.NONE);
    return new AccessSettings(
        List.of(feeder),
        new JwtSettings(
            keys,
            ISSUER,
            "coordinator",
            Set.of("ES256"),
            "realm.roles",
            Duration.ofMinutes(10),
            LEEWAY),
        Set.of());
  }

  private Identity identify(String jwt) throws RefusedException {
    return access.identify("Bearer " + jwt, null, "127.0.0.1:1");
  }

  private void assertBad(String jwt) {
    RefusedException e = assertThrows(RefusedException.class, () -> identify(jwt));
    assertEquals(Reason.BAD_CREDENTIAL, e.reason());
    assertFalse(String.valueOf(e.getMessage()).contains(jwt), e.getMessage());
  }

  private void awaitGood(String jwt) {
    await().until(() -> isGood(jwt));
  }

  private boolean isGood(String jwt) {
    try {
      identify(jwt);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private void publish(ECKey known) {
    answer.set(new JWKSet(known.toPublicJWK()).toString());
  }

  private static ECKey key(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static String jwt(ECKey by, UnaryOperator<JWTClaimsSet.Builder> changed)
      throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(by.getKeyID()).build(),
            changed.apply(claims()).build());
    jwt.sign(new ECDSASigner(by));
    return jwt.serialize();
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience("coordinator")
        .subject("somebody")
        .expirationTime(date(NOW.plusSeconds(300)));
  }

  private static Date date(Instant instant) {
    return Date.from(instant);
  }
}
