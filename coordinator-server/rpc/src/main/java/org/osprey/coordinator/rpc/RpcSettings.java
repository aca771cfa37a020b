package org.osprey.coordinator.rpc;

import java.time.Duration;

/**
 * The two ports.
 *
 * @param bindAddress where both ports listen
 * @param workerPort workers' streams; 0 for any free port
 * @param syncPort sync calls; 0 for any free port
 * @param eventLoops threads that serve both ports
 * @param maxCredits the most actions a worker may ask to have out on one stream
 * @param maxWait how long a sync call without a deadline of its own may wait
 * @param legacyStatusCodes answer bad input as the old coordinator did, with ABORTED
 */
public record RpcSettings(
    String bindAddress,
    int workerPort,
    int syncPort,
    int eventLoops,
    int maxCredits,
    Duration maxWait,
    boolean legacyStatusCodes,
    Limits limits) {

  /**
   * What one connection may cost, and how many there may be.
   *
   * @param maxConnections of each port
   * @param maxConnectionIdle after which a connection without a stream is asked to come anew
   * @param maxMessage bytes
   * @param maxReceiving bytes of all messages of a port together that are not whole yet
   * @param maxMetadata bytes
   * @param flowControlWindow bytes
   * @param keepAlive a connection that is silent for so long is asked whether it lives
   * @param keepAliveTimeout and is cut when it does not answer within this
   * @param permitKeepAlive clients that ask more often than this are cut
   * @param maxResets streams that a client may reset within {@code maxResetsPeriod}, beside those
   *     of workers that the server has ended
   * @param maxConnectionAge after which a caller has to connect anew, so that load balancers get to
   *     choose again; for the sync port only
   */
  public record Limits(
      int maxConnections,
      int maxMessage,
      int maxReceiving,
      int maxMetadata,
      int maxStreamsPerConnection,
      int flowControlWindow,
      Duration keepAlive,
      Duration keepAliveTimeout,
      Duration permitKeepAlive,
      Duration handshakeTimeout,
      int maxResets,
      Duration maxResetsPeriod,
      Duration maxConnectionAge,
      Duration maxConnectionIdle) {

    public static final Limits DEFAULTS =
        new Limits(
            12_000,
            4 << 20,
            64 << 20,
            16 << 10,
            1_000,
            1 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            200,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofMinutes(10));
  }
}
