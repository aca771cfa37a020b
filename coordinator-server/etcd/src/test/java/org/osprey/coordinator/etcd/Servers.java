package org.osprey.coordinator.etcd;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.core.Ticker;

/** Servers that tests share while they leave them as they were, and announcers in a hurry. */
final class Servers {
  private static final Duration REFRESH = Duration.ofSeconds(1);

  private Servers() {}

  private static final class WithV2 {
    static final EtcdServer SERVER = EtcdServer.startWithV2();
  }

  private static final class WithoutV2 {
    static final EtcdServer SERVER = EtcdServer.startWithoutV2();
  }

  static EtcdServer withV2() {
    return WithV2.SERVER;
  }

  static EtcdServer withoutV2() {
    return WithoutV2.SERVER;
  }

  /** Everything about ten times as fast as the defaults. */
  static EtcdSettings.Builder quick(URI... peers) {
    return EtcdSettings.builder(List.of(peers))
        .podIp("192.0.2.7")
        .ttl(Duration.ofSeconds(2))
        .refresh(REFRESH)
        .verify(Duration.ofMillis(200))
        .requestTimeout(Duration.ofSeconds(1))
        .closeTimeout(Duration.ofSeconds(2));
  }

  static EtcdAnnouncer announcer(EtcdSettings settings) {
    return new EtcdAnnouncer(settings, Ticker.system(), () -> 0.5);
  }
}
