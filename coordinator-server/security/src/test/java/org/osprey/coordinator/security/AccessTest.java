package org.osprey.coordinator.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.HistogramStats;
import org.osprey.coordinator.core.ManualTicker;
import org.osprey.coordinator.security.RefusedException.Reason;

class AccessTest {
  private static final String TOKEN = "a-token-of-the-submitter";
  private static final String SECOND = "another-of-the-submitter";
  private static final String PEER = "127.0.0.1:1";

  @TempDir private Path folder;
  private final ManualTicker ticker = new ManualTicker();

  @Test
  void whereNobodyIsKnownEverybodyMayDoEverything() throws RefusedException {
    Access access = Access.open(ticker);
    Identity who = access.identify(null, null, PEER);
    for (Role role : Role.values()) {
      access.require(who, role);
    }
    access.send(who, "anything", Integer.MAX_VALUE);
    assertTrue(access.isOpen());
  }

  @Test
  void aTokenTellsWhoItIs() throws Exception {
    Access access = access(identity(Set.of(Role.SUBMITTER), Identity.Limits.NONE));
    assertEquals("feeder", access.identify("Bearer " + TOKEN, null, PEER).name());
    assertSame(
        access.identify("Bearer " + TOKEN, null, PEER),
        access.identify("bearer   " + SECOND, null, PEER));
  }

  @Test
  void whoShowsNothingOrSomethingElseIsNobody() throws Exception {
    Access access = access(identity(Set.of(Role.SUBMITTER), Identity.Limits.NONE));
    assertRefused(Reason.NO_CREDENTIAL, () -> access.identify(null, null, PEER));
    for (String shown :
        List.of("Bearer", "Bearer ", "Bearer x" + TOKEN, "Basic " + TOKEN, TOKEN, "Bearer # one")) {
      assertRefused(Reason.BAD_CREDENTIAL, () -> access.identify(shown, null, PEER));
    }
    Map<String, Long> counts = refused(access);
    assertEquals(1, counts.get("no_credential"));
    assertEquals(6, counts.get("bad_credential"));
  }

  @Test
  void whoShowsNothingMayStillLookWhereThatIsSet() throws Exception {
    Access access =
        loaded(
            new AccessSettings(
                List.of(identity(Set.of(Role.SUBMITTER), Identity.Limits.NONE)),
                null,
                Set.of(Role.VIEWER)));
    Identity who = access.identify(null, null, PEER);
    access.require(who, Role.VIEWER);
    assertRefused(Reason.ROLE, () -> access.require(who, Role.SUBMITTER));
    assertRefused(Reason.BAD_CREDENTIAL, () -> access.identify("Bearer wrong", null, PEER));
  }

  @Test
  void rolesAreApartAndOnlyOperatorsMayLookToo() throws Exception {
    for (Role has : Role.values()) {
      Access access = access(identity(Set.of(has), Identity.Limits.NONE));
      Identity who = access.identify("Bearer " + TOKEN, null, PEER);
      for (Role need : Role.values()) {
        boolean may = has == need || (has == Role.OPERATOR && need == Role.VIEWER);
        assertEquals(may, who.may(need), () -> has + " as " + need);
        if (!may) {
          assertRefused(Reason.ROLE, () -> access.require(who, need));
        }
      }
    }
  }

  @Test
  void actionsHaveNamesSizesAndARate() throws Exception {
    Identity.Limits limits =
        new Identity.Limits(ActionNames.parse("user_*,ping"), 2, 4, 100, 1_000);
    Access access = access(identity(Set.of(Role.SUBMITTER), limits));
    Identity who = access.identify("Bearer " + TOKEN, null, PEER);

    assertRefused(Reason.ACTION_NAME, () -> access.send(who, "post_deleted", 1));
    assertRefused(Reason.PAYLOAD, () -> access.send(who, "ping", 101));
    for (int sent = 0; sent < 4; sent++) {
      access.send(who, "user_seen", 100);
    }
    assertRefused(Reason.RATE, () -> access.send(who, "user_seen", 100));
    ticker.advance(Duration.ofSeconds(1));
    access.send(who, "ping", 0);
    access.send(who, "ping", 0);
    assertRefused(Reason.RATE, () -> access.send(who, "ping", 0));
  }

  @Test
  void workersTakeNoMoreActionsAndStreamsThanTheyMay() throws Exception {
    Identity.Limits limits = new Identity.Limits(ActionNames.parse("user_*"), 0, 0, 100, 2);
    Access access = access(identity(Set.of(Role.WORKER), limits));
    Identity who = access.identify("Bearer " + TOKEN, null, PEER);

    access.handle(who, ActionNames.parse("user_seen,user_a*"));
    for (String names : List.of("*", "user_seen,post", "u*", "use*")) {
      assertRefused(Reason.ACTION_NAME, () -> access.handle(who, ActionNames.parse(names)));
    }
    Runnable leave = access.enter(who);
    access.enter(who);
    assertRefused(Reason.STREAMS, () -> access.enter(who));
    leave.run();
    access.enter(who);
  }

  @Test
  void theFirstNameOfACertificateThatIsKnownCounts() throws Exception {
    TestAuthority authority = new TestAuthority(folder, "authority");
    IdentitySettings byName =
        new IdentitySettings(
            "pool",
            Set.of(Role.WORKER),
            null,
            List.of("spiffe://here/pool", "old-pool"),
            List.of(),
            Identity.Limits.NONE);
    Access access = loaded(new AccessSettings(List.of(byName), null, Set.of()));
    TestAuthority.KeyPair byUri =
        authority.issue(
            "pool-1", builder -> builder.addSanUriName(java.net.URI.create("spiffe://here/pool")));
    assertEquals("pool", access.identify(null, byUri.bundle().getCertificate(), PEER).name());
    TestAuthority.KeyPair byCommonName = authority.client("old-pool");
    assertEquals(
        "pool", access.identify(null, byCommonName.bundle().getCertificate(), PEER).name());
    TestAuthority.KeyPair stranger = authority.client("pool");
    assertRefused(
        Reason.BAD_CREDENTIAL,
        () -> access.identify(null, stranger.bundle().getCertificate(), PEER));
  }

  @Test
  void aFileWithoutGoodTokensIsRefusedAtTheStart() throws Exception {
    for (String text : List.of("", "# a comment\n", "too short\n", "good-enough-token\nshort\n")) {
      Files.writeString(folder.resolve("tokens"), text);
      IdentitySettings one = settings(Set.of(Role.VIEWER), Identity.Limits.NONE);
      AccessSettings settings = new AccessSettings(List.of(one), null, Set.of());
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> loaded(settings));
      assertTrue(
          String.valueOf(e.getMessage()).startsWith("access.identities.feeder.tokenFile: "),
          e.getMessage());
      assertFalse(String.valueOf(e.getMessage()).contains("good-enough"), e.getMessage());
    }
  }

  @Test
  void newTokensReplaceTheOldAndBadFilesDoNot() throws Exception {
    Path file = folder.resolve("tokens");
    Access access = access(identity(Set.of(Role.SUBMITTER), Identity.Limits.NONE));
    WatchedFiles files = access.files().getFirst();

    Files.writeString(file, "no good\n");
    files.look();
    access.identify("Bearer " + TOKEN, null, PEER);
    assertTrue(String.valueOf(files.problem()).contains("too short"), files::problem);

    Files.writeString(file, "a-new-token-of-the-feeder\n");
    files.look();
    assertEquals(null, files.problem());
    access.identify("Bearer a-new-token-of-the-feeder", null, PEER);
    assertRefused(Reason.BAD_CREDENTIAL, () -> access.identify("Bearer " + TOKEN, null, PEER));
  }

  private IdentitySettings identity(Set<Role> roles, Identity.Limits limits) throws IOException {
    Files.writeString(folder.resolve("tokens"), "# one\n%s\n\n%s\n".formatted(TOKEN, SECOND));
    return settings(roles, limits);
  }

  private IdentitySettings settings(Set<Role> roles, Identity.Limits limits) {
    return new IdentitySettings(
        "feeder", roles, folder.resolve("tokens"), List.of(), List.of(), limits);
  }

  private Access access(IdentitySettings identity) {
    return loaded(new AccessSettings(List.of(identity), null, Set.of()));
  }

  private Access loaded(AccessSettings settings) {
    Access access = new Access(settings, ticker, InstantSource.system());
    access.files().forEach(WatchedFiles::load);
    return access;
  }

  private static void assertRefused(Reason reason, Executable what) {
    RefusedException e = assertThrows(RefusedException.class, what);
    assertEquals(reason, e.reason(), e.getMessage());
    assertFalse(String.valueOf(e.getMessage()).contains(TOKEN), e.getMessage());
  }

  private static Map<String, Long> refused(Access access) {
    TreeMap<String, Long> counts = new TreeMap<>();
    access.tell(
        new Figures() {
          @Override
          public void counter(String name, String help, long value, String... labels) {
            counts.put(List.of(labels).getLast(), value);
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {}

          @Override
          public void histogram(
              String name, String help, HistogramStats durations, String... labels) {}
        });
    return counts;
  }
}
