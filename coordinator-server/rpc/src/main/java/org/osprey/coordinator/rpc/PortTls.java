package org.osprey.coordinator.rpc;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import org.osprey.coordinator.security.ServerTls;

/** TLS as Netty takes it. */
final class PortTls {
  private PortTls() {}

  static SslContext context(ServerTls tls) {
    SslContextBuilder builder =
        SslContextBuilder.forServer(tls.own())
            .protocols(ServerTls.PROTOCOLS)
            .sessionTimeout(ServerTls.SESSION.toSeconds())
            .clientAuth(
                switch (tls.clients()) {
                  case SHOW_NONE -> ClientAuth.NONE;
                  case MAY_SHOW_ONE -> ClientAuth.OPTIONAL;
                  case MUST_SHOW_ONE -> ClientAuth.REQUIRE;
                });
    if (tls.trusted() != null) {
      builder.trustManager(tls.trusted());
    }
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
    } catch (SSLException e) {
      throw new IllegalStateException("every JVM has TLS", e);
    }
  }
}
