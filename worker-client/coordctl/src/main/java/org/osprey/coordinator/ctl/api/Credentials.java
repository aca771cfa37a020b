package org.osprey.coordinator.ctl.api;

import io.netty.handler.ssl.SslContext;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Proves who asks, and checks who answers. */
public final class Credentials {
  public static final Credentials NONE = new Credentials(null, new TlsFiles(null, null, null));

  private final @Nullable Token token;
  private final TlsFiles tls;

  /**
   * @param tokenFile holds one token; null without one
   * @throws org.osprey.coordinator.ctl.console.Failure when it holds something else
   */
  public Credentials(@Nullable NamedFile tokenFile, TlsFiles tls) {
    token = tokenFile == null ? null : Token.read(tokenFile);
    this.tls = tls;
  }

  /** The value of the header of that name; empty without a token. */
  public Optional<String> authorization() {
    return token == null ? Optional.empty() : Optional.of(token.authorization());
  }

  /** For the sync port. */
  public SslContext grpcContext() {
    return tls.grpcContext();
  }

  SSLContext context() {
    return tls.context();
  }

  /** Whether there is anything by which a coordinator could know the caller. */
  boolean given() {
    return token != null || tls.certificate() != null;
  }
}
