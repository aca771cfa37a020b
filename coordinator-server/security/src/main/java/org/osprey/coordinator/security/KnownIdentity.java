package org.osprey.coordinator.security;

import com.google.errorprone.annotations.ThreadSafe;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;

/** An identity of the settings, and by what it is known. */
@ThreadSafe
final class KnownIdentity {
  @SuppressWarnings("ThreadSafe") // its parts are
  private final Identity identity;

  @SuppressWarnings("ThreadSafe") // immutable
  private final IdentitySettings settings;

  @SuppressWarnings("ThreadSafe") // an immutable list
  private volatile List<Digest> tokens = List.of();

  KnownIdentity(IdentitySettings settings, Ticker ticker) {
    this.settings = settings;
    identity = new Identity(settings.name(), settings.roles(), settings.limits(), ticker);
  }

  Identity identity() {
    return identity;
  }

  /** The file with its tokens; null when it shows something else. */
  @Nullable WatchedFiles tokenFile() {
    Path file = settings.tokenFile();
    if (file == null) {
      return null;
    }
    return new WatchedFiles(
        "access.identities.%s.tokenFile".formatted(settings.name()),
        List.of(file),
        () -> tokens = TokenFile.read(file));
  }

  /** Holds it against all of them, so that the time it takes says nothing. */
  boolean hasToken(Digest shown) {
    boolean found = false;
    for (Digest token : tokens) {
      found |= token.equals(shown);
    }
    return found;
  }

  boolean hasCertificate(List<String> names) {
    return !Collections.disjoint(settings.certificateNames(), names);
  }

  boolean hasSubject(String subject) {
    return settings.subjects().contains(subject);
  }
}
