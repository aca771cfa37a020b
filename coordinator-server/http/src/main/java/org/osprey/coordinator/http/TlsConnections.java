package org.osprey.coordinator.http;

import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.osprey.coordinator.security.ServerTls;

/** TLS in front of HTTP. New files of {@link ServerTls} hold for connections that come later. */
final class TlsConnections {
  private TlsConnections() {}

  static ConnectionFactory[] of(ServerTls tls, HttpConfiguration http) {
    // Whether the name is right is for clients to judge: they may come through a proxy.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(factory(tls), HttpVersion.HTTP_1_1.asString()),
      new HttpConnectionFactory(http)
    };
  }

  private static SslContextFactory.Server factory(ServerTls tls) {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(tls.context());
    factory.setIncludeProtocols(ServerTls.PROTOCOLS.toArray(String[]::new));
    factory.setRenegotiationAllowed(false);
    switch (tls.clients()) {
      case SHOW_NONE -> factory.setWantClientAuth(false);
      case MAY_SHOW_ONE -> factory.setWantClientAuth(true);
      case MUST_SHOW_ONE -> factory.setNeedClientAuth(true);
    }
    return factory;
  }
}
