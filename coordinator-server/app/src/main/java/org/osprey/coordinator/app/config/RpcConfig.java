package org.osprey.coordinator.app.config;

import java.time.Duration;
import org.osprey.coordinator.settings.ByteSize;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/** The two gRPC ports and what one connection may ask of them. */
public record RpcConfig(
    @Variable("OSPREY_COORDINATOR_BIDI_STREAM_PORT") int workerPort,
    @Variable("OSPREY_COORDINATOR_SYNC_ACTION_PORT") int syncPort,
    String bindAddress,
    int eventLoops,
    int maxConnections,
    ByteSize maxMessage,
    ByteSize maxReceiving,
    ByteSize maxMetadata,
    int maxStreamsPerConnection,
    ByteSize flowControlWindow,
    Duration keepAlive,
    Duration keepAliveTimeout,
    Duration permitKeepAlive,
    Duration handshakeTimeout,
    int maxResets,
    Duration maxResetsPeriod,
    Duration maxConnectionAge,
    Duration maxConnectionIdle,
    boolean legacyStatusCodes,
    int maxCredits) {

  public RpcConfig {
    boolean apart = workerPort == 0 || workerPort != syncPort;
    new Rules()
        .port(workerPort, "workerPort")
        .port(syncPort, "syncPort")
        .that(apart, syncPort, "another port than rpc.workerPort", "syncPort")
        .notBlank(bindAddress, "bindAddress")
        .between(1, 1024, eventLoops, "eventLoops")
        .atLeast(1, maxConnections, "maxConnections")
        .buffer(maxMessage, "maxMessage")
        .buffer(maxReceiving, "maxReceiving")
        .buffer(maxMetadata, "maxMetadata")
        .atLeast(1, maxStreamsPerConnection, "maxStreamsPerConnection")
        .buffer(flowControlWindow, "flowControlWindow")
        .positive(keepAlive, "keepAlive")
        .positive(keepAliveTimeout, "keepAliveTimeout")
        .positive(permitKeepAlive, "permitKeepAlive")
        .positive(handshakeTimeout, "handshakeTimeout")
        .atLeast(1, maxResets, "maxResets")
        .positive(maxResetsPeriod, "maxResetsPeriod")
        .positive(maxConnectionAge, "maxConnectionAge")
        .positive(maxConnectionIdle, "maxConnectionIdle")
        .between(1, 1000, maxCredits, "maxCredits")
        .check();
  }
}
