package org.osprey.coordinator.nats;

import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Options.HostnameResolveMode;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import javax.net.ssl.SSLContext;

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

  /**
   * @throws TroubleException when a file that a setting names cannot be used
   */
  static Options.Builder of(NatsConnectionSettings settings) throws TroubleException {
    Options.Builder options =
        Options.builder()
            .servers(settings.servers().toArray(String[]::new))
            .connectionName(settings.name())
            .connectionTimeout(CONNECT_TIMEOUT)
            .maxReconnects(settings.reconnects() ? -1 : 0)
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
      options.sslContext(tls(settings.tls()));
    }
    return options;
  }

  private static SSLContext tls(NatsTlsSettings settings) throws TroubleException {
    try {
      return TlsContexts.of(settings);
    } catch (IOException | GeneralSecurityException e) {
      throw new TroubleException(NatsTlsSettings.SETTINGS + e);
    }
  }

  private static void login(Options.Builder options, NatsConnectionSettings settings)
      throws TroubleException {
    if (settings.user() != null && settings.password() != null) {
      options.userInfo(settings.user(), settings.password());
    }
    if (settings.token() != null) {
      options.token(settings.token().toCharArray());
    }
    if (settings.credentialsFile() != null) {
      if (!Files.isReadable(settings.credentialsFile())) {
        throw new TroubleException(settings.loginSetting() + ": cannot be read");
      }
      options.authHandler(Nats.credentials(settings.credentialsFile().toString()));
    }
  }
}
