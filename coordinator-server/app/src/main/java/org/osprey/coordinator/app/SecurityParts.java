package org.osprey.coordinator.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.AccessConfig;
import org.osprey.coordinator.app.config.CoordinatorConfig;
import org.osprey.coordinator.app.config.IdentityConfig;
import org.osprey.coordinator.app.config.JwtConfig;
import org.osprey.coordinator.app.config.PortTlsConfig;
import org.osprey.coordinator.core.ActionNames;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.AccessSettings;
import org.osprey.coordinator.security.CredentialFiles;
import org.osprey.coordinator.security.Identity;
import org.osprey.coordinator.security.IdentitySettings;
import org.osprey.coordinator.security.JwtSettings;
import org.osprey.coordinator.security.PortSecurity;
import org.osprey.coordinator.security.ServerTls;
import org.osprey.coordinator.security.TlsSettings;

/** TLS of the ports, and who may use them. */
final class SecurityParts {
  private SecurityParts() {}

  /**
   * Adds what it is made of to the components.
   *
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  static Guards guards(CoordinatorConfig config, Ticker ticker, List<Component> components) {
    ServerTls worker = tls("tls.worker", config.tls().worker());
    ServerTls sync = tls("tls.sync", config.tls().sync());
    ServerTls http = tls("tls.http", config.tls().http());
    Access access = new Access(access(config.access()), ticker, InstantSource.system());
    if (!access.isOpen()) {
      components.add(access);
    }
    List<ServerTls> ports = Stream.of(worker, sync, http).filter(Objects::nonNull).toList();
    if (!ports.isEmpty() || !access.isOpen()) {
      components.add(new CredentialFiles(ports, access, ticker));
    }
    return new Guards(access, worker, sync, http);
  }

  /** What somebody beyond this host could do with the ports, one line each. */
  static List<String> warnings(CoordinatorConfig config) {
    boolean identities = !access(config.access()).open();
    String rpc = config.rpc().bindAddress();
    String http = config.http().bindAddress();
    return Stream.of(
            new PortSecurity("worker", rpc, config.tls().worker().isSet(), identities),
            new PortSecurity("sync", rpc, config.tls().sync().isSet(), identities),
            new PortSecurity("http", http, config.tls().http().isSet(), identities))
        .flatMap(port -> port.warnings().stream())
        .toList();
  }

  private static @Nullable ServerTls tls(String setting, PortTlsConfig port) {
    if (!port.isSet()) {
      return null;
    }
    require(port.certFile(), setting + ".certFile");
    require(port.keyFile(), setting + ".keyFile");
    if (port.requireClients()) {
      require(port.clientCaFile(), setting + ".clientCaFile");
    }
    return new ServerTls(
        new TlsSettings(
            setting,
            Path.of(port.certFile()),
            Path.of(port.keyFile()),
            path(port.clientCaFile()),
            port.requireClients()));
  }

  private static AccessSettings access(AccessConfig access) {
    return new AccessSettings(
        access.identities().entrySet().stream()
            .map(entry -> identity(entry.getKey(), entry.getValue()))
            .toList(),
        jwt(access.jwt()),
        Set.copyOf(access.anonymous()));
  }

  private static IdentitySettings identity(String name, IdentityConfig identity) {
    return new IdentitySettings(
        name,
        Set.copyOf(identity.roles()),
        path(identity.tokenFile()),
        identity.certificateNames(),
        identity.subjects(),
        new Identity.Limits(
            new ActionNames(identity.actions()),
            identity.actionsPerSecond(),
            identity.burst(),
            Math.toIntExact(identity.maxPayload().bytes()),
            identity.maxStreams()));
  }

  private static @Nullable JwtSettings jwt(JwtConfig jwt) {
    if (jwt.jwksUri().isEmpty()) {
      return null;
    }
    require(jwt.issuer(), "access.jwt.issuer");
    require(jwt.audience(), "access.jwt.audience");
    return new JwtSettings(
        URI.create(jwt.jwksUri()),
        jwt.issuer(),
        jwt.audience(),
        Set.copyOf(jwt.algorithms()),
        jwt.rolesClaim(),
        jwt.refresh(),
        jwt.leeway());
  }

  private static @Nullable Path path(String file) {
    return file.isEmpty() ? null : Path.of(file);
  }

  private static void require(String value, String setting) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(setting + ": is missing");
    }
  }
}
