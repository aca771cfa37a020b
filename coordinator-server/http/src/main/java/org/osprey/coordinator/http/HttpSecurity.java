package org.osprey.coordinator.http;

import java.security.SecureRandom;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.ServerTls;

/** Who may use the HTTP port, and how connections to it are kept safe. */
public final class HttpSecurity {
  private final Access access;
  private final @Nullable ServerTls tls;
  private final InstantSource clock;
  private final Sessions sessions = new Sessions(new SecureRandom());

  /**
   * @param tls null for plain connections
   */
  public HttpSecurity(Access access, @Nullable ServerTls tls, InstantSource clock) {
    this.access = access;
    this.tls = tls;
    this.clock = clock;
  }

  /** Everybody may do everything, on plain connections. */
  public static HttpSecurity open() {
    return new HttpSecurity(Access.open(Ticker.system()), null, InstantSource.system());
  }

  Access access() {
    return access;
  }

  @Nullable ServerTls tls() {
    return tls;
  }

  InstantSource clock() {
    return clock;
  }

  Sessions sessions() {
    return sessions;
  }
}
