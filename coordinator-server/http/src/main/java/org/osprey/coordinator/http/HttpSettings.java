package org.osprey.coordinator.http;

import java.time.Duration;

/**
 * The HTTP port and what one client may ask of it.
 *
 * @param port 0 takes any free one
 * @param maxBody bytes
 * @param idleTimeout silence after which a connection is closed
 * @param maxWatchers how many may watch the live picture at a time
 * @param maxWait longest wait of a sync action, when its caller names none
 */
public record HttpSettings(
    int port,
    String bindAddress,
    int maxBody,
    int maxConnections,
    Duration idleTimeout,
    int maxWatchers,
    Duration maxWait) {}
