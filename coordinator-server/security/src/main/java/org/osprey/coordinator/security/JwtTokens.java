package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.RefusedException.Reason;

/** Whether a JWT is good. Asks nobody: it is held against the keys that were fetched last. */
@ThreadSafe
final class JwtTokens {
  private final JwtSettings settings;
  private final JwtKeys keys;

  @SuppressWarnings("ThreadSafe") // tells the time
  private final InstantSource time;

  @SuppressWarnings("ThreadSafe") // is not changed any more
  private volatile @Nullable DefaultJWTProcessor<SecurityContext> processor;

  JwtTokens(JwtSettings settings, Ticker ticker, InstantSource time) {
    this.settings = settings;
    this.time = time;
    keys = new JwtKeys(settings, ticker, this::use);
  }

  JwtKeys keys() {
    return keys;
  }

  /**
   * @return what it says of its owner, subject included
   */
  JWTClaimsSet read(String token) throws RefusedException {
    DefaultJWTProcessor<SecurityContext> now = processor;
    if (now == null) {
      throw new RefusedException(
          Reason.BAD_CREDENTIAL, "the issuer's keys are not here yet, try again");
    }
    try {
      return now.process(token, null);
    } catch (BadJWSException e) {
      keys.want();
      throw bad("its signature is by none of the issuer's keys");
    } catch (BadJOSEException e) {
      if (noKey(e)) {
        keys.want();
      }
      throw bad(String.valueOf(e.getMessage()));
    } catch (ParseException | JOSEException e) {
      throw bad("it can't be read");
    }
  }

  private static boolean noKey(BadJOSEException e) {
    return String.valueOf(e.getMessage()).contains("no matching key");
  }

  private static RefusedException bad(String why) {
    return new RefusedException(Reason.BAD_CREDENTIAL, "the JWT is not good: " + why);
  }

  private void use(JWKSet found) {
    DefaultJWTProcessor<SecurityContext> made = new DefaultJWTProcessor<>();
    Set<JWSAlgorithm> algorithms =
        settings.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
    made.setJWSKeySelector(
        new JWSVerificationKeySelector<>(algorithms, new ImmutableJWKSet<>(found)));
    made.setJWTClaimsSetVerifier(claims());
    processor = made;
  }

  private DefaultJWTClaimsVerifier<SecurityContext> claims() {
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            settings.audience(),
            new JWTClaimsSet.Builder().issuer(settings.issuer()).build(),
            Set.of("sub", "exp")) {
          @Override
          protected Date currentTime() {
            return Date.from(time.instant());
          }
        };
    verifier.setMaxClockSkew(Math.toIntExact(settings.leeway().toSeconds()));
    return verifier;
  }
}
