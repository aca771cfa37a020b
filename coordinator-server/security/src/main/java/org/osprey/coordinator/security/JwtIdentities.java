package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/**
 * Who shows a JWT. Callers show theirs with each call, and to check a signature costs more than the
 * rest of a call, so those that were good last are remembered until they run out.
 */
@ThreadSafe
final class JwtIdentities {
  private static final int REMEMBERED = 1_000;

  private final JwtSettings settings;
  private final JwtTokens tokens;

  @SuppressWarnings("ThreadSafe") // looks at what does not change
  private final Function<String, @Nullable Identity> bySubject;

  private final Ticker ticker;

  @SuppressWarnings("ThreadSafe") // tells the time
  private final InstantSource time;

  @GuardedBy("this")
  private final Map<Digest, Remembered> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Remembered> eldest) {
          return size() > REMEMBERED;
        }
      };

  /**
   * @param keys the state of the issuer's keys against which it was good
   */
  private record Remembered(Identity identity, Instant until, int keys) {}

  /**
   * @param bySubject the identity of the settings, or null
   */
  JwtIdentities(
      JwtSettings settings,
      Function<String, @Nullable Identity> bySubject,
      Ticker ticker,
      InstantSource time) {
    this.settings = settings;
    this.bySubject = bySubject;
    this.ticker = ticker;
    this.time = time;
    tokens = new JwtTokens(settings, ticker, time);
  }

  JwtKeys keys() {
    return tokens.keys();
  }

  Identity identify(String token, Digest shown) throws RefusedException {
    int keys = tokens.keys().fetched();
    Identity known = recall(shown, keys);
    if (known != null) {
      return known;
    }
    JWTClaimsSet claims = tokens.read(token);
    Identity found = identity(claims);
    remember(shown, new Remembered(found, claims.getExpirationTime().toInstant(), keys));
    return found;
  }

  private synchronized @Nullable Identity recall(Digest shown, int keys) {
    Remembered one = remembered.get(shown);
    if (one == null || one.keys != keys) {
      return null;
    }
    return time.instant().isBefore(one.until.plus(settings.leeway())) ? one.identity : null;
  }

  private synchronized void remember(Digest shown, Remembered one) {
    remembered.put(shown, one);
  }

  private Identity identity(JWTClaimsSet claims) {
    String subject = claims.getSubject();
    Identity known = bySubject.apply(subject);
    return known != null ? known : Identity.unlimited(subject, roles(claims), ticker);
  }

  /** Issuers write a list, or one text with spaces between. */
  private Set<Role> roles(JWTClaimsSet claims) {
    Object value = claims.getClaims();
    for (String part : settings.rolesClaim().split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(part) : null;
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    String names =
        value instanceof Collection<?> list
            ? String.join(" ", list.stream().map(String::valueOf).toList())
            : String.valueOf(value);
    List<String> given = List.of(names.split("\\s+", -1));
    for (Role role : Role.values()) {
      if (given.contains(role.title())) {
        roles.add(role);
      }
    }
    return roles;
  }
}
