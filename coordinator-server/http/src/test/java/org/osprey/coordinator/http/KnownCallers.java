package org.osprey.coordinator.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.AccessSettings;
import org.osprey.coordinator.security.CredentialFiles;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.IdentitySettings;
import org.osprey.coordinator.security.Role;
import org.osprey.coordinator.security.ServerTls;

/** Identities with a token each, and what makes a port ask for them. */
final class KnownCallers implements AutoCloseable {
  private final Path folder;
  private final List<IdentitySettings> identities = new ArrayList<>();
  private Set<Role> anonymous = Set.of();
  private Ticker ticker = Ticker.system();
  private @Nullable CredentialFiles files;

  KnownCallers(Path folder) {
    this.folder = folder;
  }

  /** One of each role, called by it. */
  static KnownCallers ofEachRole(Path folder) {
    KnownCallers callers = new KnownCallers(folder);
    for (Role role : Role.values()) {
      callers.with(role.title(), role, Identity.Limits.NONE);
    }
    return callers;
  }

  KnownCallers with(String name, Role role, Identity.Limits limits) {
    identities.add(
        new IdentitySettings(
            name, Set.of(role), write(name, token(name)), List.of(name), List.of(), limits));
    return this;
  }

  KnownCallers anonymous(Role... roles) {
    anonymous = Set.of(roles);
    return this;
  }

  /** Where later looks at who called take the time from. */
  KnownCallers at(Ticker other) {
    ticker = other;
    return this;
  }

  static String token(String name) {
    return "token-of-" + name + "-0123456789";
  }

  static String bearer(String name) {
    return "Bearer " + token(name);
  }

  /** From now on the identity has this token and no other. */
  Path write(String name, String token) {
    try {
      return Files.writeString(folder.resolve(name), token + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpSecurity security() {
    return security(null);
  }

  HttpSecurity security(@Nullable ServerTls tls) {
    InstantSource clock = InstantSource.system();
    Access access = new Access(new AccessSettings(identities, null, anonymous), ticker, clock);
    files = new CredentialFiles(tls == null ? List.of() : List.of(tls), access, Ticker.system());
    files.start();
    return new HttpSecurity(access, tls, clock);
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
  }
}
