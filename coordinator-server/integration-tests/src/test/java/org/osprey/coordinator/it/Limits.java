package org.osprey.coordinator.it;

import java.time.Duration;
import org.osprey.coordinator.rpc.RpcSettings;

/** The usual limits of gRPC connections but for what a test is about. */
final class Limits {
  private static final RpcSettings.Limits USUAL = RpcSettings.Limits.DEFAULTS;

  private Limits() {}

  static RpcSettings.Limits maxConnections(int most) {
    return of(most, USUAL.keepAlive(), USUAL.handshakeTimeout(), USUAL.maxConnectionIdle());
  }

  static RpcSettings.Limits maxConnectionIdle(Duration limit) {
    return of(USUAL.maxConnections(), USUAL.keepAlive(), USUAL.handshakeTimeout(), limit);
  }

  /** For a connection to begin, to be asked whether it lives, and to answer. */
  static RpcSettings.Limits times(Duration limit) {
    return of(USUAL.maxConnections(), limit, limit, USUAL.maxConnectionIdle());
  }

  private static RpcSettings.Limits of(
      int connections, Duration keepAlive, Duration handshake, Duration idle) {
    return new RpcSettings.Limits(
        connections,
        USUAL.maxMessage(),
        USUAL.maxReceiving(),
        USUAL.maxMetadata(),
        USUAL.maxStreamsPerConnection(),
        USUAL.flowControlWindow(),
        keepAlive,
        keepAlive,
        USUAL.permitKeepAlive(),
        handshake,
        USUAL.maxResets(),
        USUAL.maxResetsPeriod(),
        USUAL.maxConnectionAge(),
        idle);
  }
}
