package org.osprey.coordinator.nats;

import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Options.HostnameResolveMode;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** How the NATS client is set up. */
final class ClientOptions {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(750);
  private static final Duration RECONNECT_JITTER = Duration.ofMillis(750);

  /** A server that does not answer is given up after three of them. */
  private static final Duration PING_EVERY = Duration.ofSeconds(2);

  /** Also what an unconfirmed publish waits for. */
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

  /** Publishing fails when so much waits for the socket, after the shortest wait there is. */
  private static final int LONGEST_OUTGOING_QUEUE = 100_000;

  private ClientOptions() {}

  static Options.Builder of(NatsConnectionSettings settings)
      throws IOException, GeneralSecurityException {
    Options.Builder options =
        Options.builder()
            .servers(settings.servers().toArray(String[]::new))
            .connectionName(settings.name())
            .connectionTimeout(CONNECT_TIMEOUT)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectJitter(RECONNECT_JITTER)
            .reconnectJitterTls(RECONNECT_JITTER)
            .pingInterval(PING_EVERY)
            .requestCleanupInterval(ANSWER_WITHIN)
            .useTimeoutException()
            .maxMessagesInOutgoingQueue(LONGEST_OUTGOING_QUEUE)
            .writeQueuePushTimeout(Options.MINIMUM_WRITE_QUEUE_PUSH_TIMEOUT)
            // Whoever publishes while there is no connection hears it at once.
            .reconnectBufferSize(0)
            // Requests may share a write with others.
            .dontForceFlushOnRequest()
            // The others lose the name, against which certificates are checked.
            .hostnameResolveMode(HostnameResolveMode.HappyEyeballs);
    login(options, settings);
    if (settings.tls() != null) {
      options.sslContext(TlsContexts.of(settings.tls()));
    }
    return options;
  }

  private static void login(Options.Builder options, NatsConnectionSettings settings) {
    if (settings.user() != null && settings.password() != null) {
      options.userInfo(settings.user(), settings.password());
    }
    if (settings.token() != null) {
      options.token(settings.token().toCharArray());
    }
    if (settings.credentialsFile() != null) {
      options.authHandler(Nats.credentials(settings.credentialsFile().toString()));
    }
  }
}
