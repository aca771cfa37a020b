package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Check;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Figures;
import org.osprey.coordinator.core.Measured;
import org.osprey.coordinator.core.Supervised;
import org.osprey.coordinator.core.SupervisedLoop;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.RefusedException.Reason;

/**
 * Tells who somebody is, and what they may do. Never blocks, so event loops may ask; every refusal
 * is counted.
 */
@ThreadSafe
public final class Access implements Component, Supervised, Measured {
  private static final String BEARER = "bearer ";

  private final boolean open;
  private final Identity anonymous;
  private final List<KnownIdentity> known;
  private final @Nullable JwtIdentities jwts;
  private final Refusals refusals;
  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // tells the time
  private final InstantSource time;

  public Access(AccessSettings settings, Ticker ticker, InstantSource time) {
    open = settings.open();
    this.ticker = ticker;
    this.time = time;
    anonymous =
        Identity.unlimited(
            "anonymous", open ? EnumSet.allOf(Role.class) : settings.anonymous(), ticker);
    known = settings.identities().stream().map(one -> new KnownIdentity(one, ticker)).toList();
    refusals = new Refusals(ticker);
    jwts =
        settings.jwt() == null
            ? null
            : new JwtIdentities(settings.jwt(), this::bySubject, ticker, time);
  }

  /** For ports of coordinators that ask nobody. */
  public static Access open(Ticker ticker) {
    return new Access(AccessSettings.OPEN, ticker, InstantSource.system());
  }

  /** Whether everybody may do everything. */
  public boolean isOpen() {
    return open;
  }

  /**
   * Who it is.
   *
   * @param authorization as in the header of that name; null when there is none
   * @param certificate of the client, which the port has found to be good; null when it showed none
   * @param peer its address, for the log
   */
  public Identity identify(
      @Nullable String authorization, @Nullable X509Certificate certificate, String peer)
      throws RefusedException {
    if (open) {
      return anonymous;
    }
    try {
      if (authorization != null) {
        return byToken(token(authorization));
      }
      return certificate == null ? nobody() : byCertificate(certificate);
    } catch (RefusedException e) {
      throw refusals.count(peer, e);
    }
  }

  /**
   * Who it is, and that it may come back without its token.
   *
   * @param peer its address, for the log
   */
  public SignIn signIn(String token, String peer) throws RefusedException {
    try {
      Identity identity = byToken(token);
      Digest shown = Digest.of(token);
      boolean kept = known.stream().anyMatch(one -> one.hasToken(shown));
      return new SignIn(identity, shown, kept || jwts == null ? null : jwts.until(shown));
    } catch (RefusedException e) {
      throw refusals.count(peer, e);
    }
  }

  /**
   * Whether who signed in is still who it was: not when its token was taken away or has run out.
   */
  public boolean isGood(SignIn one) {
    Instant until = one.until();
    if (until != null) {
      return time.instant().isBefore(until);
    }
    return known.stream()
        .anyMatch(
            identity -> identity.identity() == one.identity() && identity.hasToken(one.shown()));
  }

  /** Who shows nothing; null when such are refused. */
  public @Nullable Identity anonymous() {
    return anonymous.roles().isEmpty() ? null : anonymous;
  }

  /** Whether it may do what the role is for. */
  public void require(Identity who, Role need) throws RefusedException {
    if (!who.may(need)) {
      throw refusals.count(
          who.name(),
          new RefusedException(
              Reason.ROLE,
              "%s is no %s, it has %s".formatted(who.name(), need.title(), titles(who))));
    }
  }

  /**
   * Whether it may send an action, which uses up some of its rate.
   *
   * @param payload bytes
   */
  public void send(Identity who, String action, long payload) throws RefusedException {
    if (!who.actions().matches(action)) {
      throw refusals.count(
          who.name(),
          new RefusedException(
              Reason.ACTION_NAME,
              "%s may not send \"%s\", only %s"
                  .formatted(who.name(), action, String.join(",", who.actions().globs()))));
    }
    if (payload > who.maxPayload()) {
      throw refusals.count(
          who.name(),
          new RefusedException(
              Reason.PAYLOAD,
              "a payload of %d bytes, %s may send at most %d"
                  .formatted(payload, who.name(), who.maxPayload())));
    }
    if (!who.rate().take(1)) {
      throw refusals.count(
          who.name(), new RefusedException(Reason.RATE, who.name() + " sends too fast"));
    }
  }

  /** Whether it may handle all these actions. */
  public void handle(Identity who, ActionNames names) throws RefusedException {
    if (!who.actions().includes(names)) {
      throw refusals.count(
          who.name(),
          new RefusedException(
              Reason.ACTION_NAME,
              "%s may handle only %s"
                  .formatted(who.name(), String.join(",", who.actions().globs()))));
    }
  }

  /**
   * Takes a place for a stream; to be given back, once, when the stream has ended.
   *
   * @return gives it back
   */
  public Runnable enter(Identity who) throws RefusedException {
    if (!who.streams().tryAcquire()) {
      throw refusals.count(
          who.name(),
          new RefusedException(Reason.STREAMS, who.name() + " has as many streams as it may have"));
    }
    return who.streams()::release;
  }

  /**
   * Of somebody who was admitted a moment ago.
   *
   * @param admitted whether he would be now; never blocks
   */
  public Visit visit(BooleanSupplier admitted) {
    return new Visit(open ? () -> true : admitted, ticker);
  }

  @Override
  public void start() {
    if (jwts != null) {
      jwts.keys().start();
    }
  }

  @Override
  public Check check() {
    if (jwts != null) {
      return jwts.keys().check();
    }
    return Check.ok("access", open ? "open to everybody" : known.size() + " identities");
  }

  @Override
  public List<SupervisedLoop> loops() {
    return jwts == null ? List.of() : jwts.keys().loops();
  }

  @Override
  public void tell(Figures figures) {
    refusals.tell(figures);
  }

  @Override
  public void close() {
    if (jwts != null) {
      jwts.keys().close();
    }
  }

  List<WatchedFiles> files() {
    return known.stream().map(KnownIdentity::tokenFile).filter(Objects::nonNull).toList();
  }

  private static String token(String authorization) throws RefusedException {
    if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new RefusedException(Reason.BAD_CREDENTIAL, "authorization: want a Bearer token");
    }
    return authorization.substring(BEARER.length()).strip();
  }

  /** Looks at all of them, so that the time it takes says nothing. */
  private Identity byToken(String token) throws RefusedException {
    Digest shown = Digest.of(token);
    Identity found = null;
    for (KnownIdentity one : known) {
      if (one.hasToken(shown)) {
        found = one.identity();
      }
    }
    if (found != null) {
      return found;
    }
    if (jwts != null) {
      return jwts.identify(token, shown);
    }
    throw new RefusedException(Reason.BAD_CREDENTIAL, "the token is not known here");
  }

  private Identity byCertificate(X509Certificate certificate) throws RefusedException {
    List<String> names = CertificateNames.of(certificate);
    for (KnownIdentity one : known) {
      if (one.hasCertificate(names)) {
        return one.identity();
      }
    }
    if (!anonymous.roles().isEmpty()) {
      return anonymous;
    }
    throw new RefusedException(
        Reason.BAD_CREDENTIAL, "the certificate of %s is of nobody known here".formatted(names));
  }

  private @Nullable Identity bySubject(String subject) {
    return known.stream()
        .filter(one -> one.hasSubject(subject))
        .map(KnownIdentity::identity)
        .findFirst()
        .orElse(null);
  }

  private Identity nobody() throws RefusedException {
    if (anonymous.roles().isEmpty()) {
      throw new RefusedException(
          Reason.NO_CREDENTIAL, "authorization: is missing, want a Bearer token");
    }
    return anonymous;
  }

  private static String titles(Identity who) {
    return who.roles().isEmpty()
        ? "no role"
        : who.roles().stream().map(Role::title).sorted().collect(Collectors.joining(", "));
  }
}
