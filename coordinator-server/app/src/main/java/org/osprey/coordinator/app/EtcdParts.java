package org.osprey.coordinator.app;

import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.Parts.Discovery;
import org.osprey.coordinator.app.config.EtcdConfig;
import org.osprey.coordinator.app.config.TlsConfig;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.etcd.EtcdAnnouncer;
import org.osprey.coordinator.etcd.EtcdSettings;

/** Announces the coordinator in etcd. */
final class EtcdParts {
  private EtcdParts() {}

  static Discovery discovery(EtcdConfig config, Ticker ticker) {
    EtcdSettings settings =
        EtcdSettings.builder(config.peers().stream().map(URI::create).toList())
            .serviceName(config.serviceName())
            .podIp(Unset.text(config.podIp()))
            .ttl(config.ttl())
            .refresh(config.refresh())
            .verify(config.verify())
            .announceDelay(config.announceDelay())
            .requestTimeout(config.requestTimeout())
            .closeTimeout(Composition.CLOSE_TIMEOUT)
            .credentials(credentials(config))
            .tls(tls(config.tls()))
            .build();
    return new Discovery(
        new EtcdAnnouncer(settings, ticker, () -> ThreadLocalRandom.current().nextDouble()),
        settings.serviceName(),
        settings.syncServiceName());
  }

  private static EtcdSettings.@Nullable Credentials credentials(EtcdConfig config) {
    return config.user().isEmpty()
        ? null
        : new EtcdSettings.Credentials(config.user(), config.password());
  }

  private static EtcdSettings.@Nullable Tls tls(TlsConfig config) {
    return config.isSet()
        ? new EtcdSettings.Tls(
            Unset.file(config.caFile()),
            Unset.file(config.certFile()),
            Unset.file(config.keyFile()))
        : null;
  }
}
