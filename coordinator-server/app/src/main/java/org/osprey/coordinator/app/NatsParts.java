package org.osprey.coordinator.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.app.config.NatsConfig;
import org.osprey.coordinator.app.config.TlsConfig;
import org.osprey.coordinator.codec.MessageDecoder;
import org.osprey.coordinator.core.Component;
import org.osprey.coordinator.core.DeadLetters;
import org.osprey.coordinator.core.IdGenerator;
import org.osprey.coordinator.core.ResultSink;
import org.osprey.coordinator.core.Source;
import org.osprey.coordinator.core.Submissions;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.nats.NatsConnection;
import org.osprey.coordinator.nats.NatsConnectionSettings;
import org.osprey.coordinator.nats.NatsDeadLetterSettings;
import org.osprey.coordinator.nats.NatsDeadLetters;
import org.osprey.coordinator.nats.NatsResultSettings;
import org.osprey.coordinator.nats.NatsResultSink;
import org.osprey.coordinator.nats.NatsSource;
import org.osprey.coordinator.nats.NatsSourceSettings;
import org.osprey.coordinator.nats.NatsSubmissionSettings;
import org.osprey.coordinator.nats.NatsSubmissions;
import org.osprey.coordinator.nats.NatsTlsSettings;
import org.osprey.coordinator.streams.nats.NatsTransport;
import org.osprey.coordinator.streams.nats.NatsTransportSettings;

/** What can be had from NATS, over one connection; each part adds itself to the components. */
final class NatsParts {
  private final NatsConfig config;
  private final Duration roomWait;
  private final Ticker ticker;
  private final List<Component> components;
  private final NatsConnection connection;

  NatsParts(NatsConfig config, Duration roomWait, Ticker ticker, List<Component> components) {
    this.config = config;
    this.roomWait = roomWait;
    this.ticker = ticker;
    this.components = components;
    connection = new NatsConnection(connectionSettings(), ticker, new Random());
    components.add(connection);
  }

  Source source(MessageDecoder decoder, IdGenerator ids, DeadLetters deadLetters) {
    NatsSource.Clocks clocks = new NatsSource.Clocks(ticker, InstantSource.system(), new Random());
    return new NatsSource(connection, sourceSettings(), decoder, ids, deadLetters, clocks);
  }

  Submissions submissions() {
    NatsSubmissions submissions =
        new NatsSubmissions(
            connection, NatsSubmissionSettings.of(sourceSettings(), config.submitSubject()));
    components.add(submissions);
    return submissions;
  }

  DeadLetters deadLetters(MessageDecoder decoder) {
    NatsDeadLetterSettings settings =
        new NatsDeadLetterSettings(
            config.deadLetterStream(),
            config.deadLetterSubject(),
            config.createDeadLetterStream(),
            NatsDeadLetterSettings.DEFAULTS.replicas());
    NatsDeadLetters deadLetters = new NatsDeadLetters(connection, settings, decoder, ticker);
    components.add(deadLetters);
    return deadLetters;
  }

  ResultSink sink(boolean includeVerdicts) {
    NatsResultSettings settings =
        new NatsResultSettings(
            config.resultsSubject(), includeVerdicts, NatsResultSettings.DEFAULTS.maxUnconfirmed());
    NatsResultSink sink = new NatsResultSink(connection, settings);
    components.add(sink);
    return sink;
  }

  /** Not among the components yet: it stands behind what it serves. */
  NatsTransport streams() {
    return new NatsTransport(connection, NatsTransportSettings.DEFAULTS, ticker);
  }

  private NatsSourceSettings sourceSettings() {
    return new NatsSourceSettings(
        config.stream(),
        config.subjects(),
        config.durable(),
        config.createConsumer(),
        config.actionNames(),
        NatsSourceSettings.Ordering.valueOf(config.ordering().name()),
        config.orderingHeader(),
        new NatsSourceSettings.Limits(
            config.maxInFlight(), config.maxInFlightBytes().bytes(), config.pullBatch(), roomWait),
        config.ackWait(),
        Composition.CLOSE_TIMEOUT);
  }

  private NatsConnectionSettings connectionSettings() {
    return new NatsConnectionSettings(
        config.servers(),
        Unset.text(config.user()),
        Unset.text(config.password()),
        Unset.text(config.token()),
        Unset.file(config.credentialsFile()),
        tls(config.tls()),
        NatsConnectionSettings.DEFAULT_NAME);
  }

  private static @Nullable NatsTlsSettings tls(TlsConfig tls) {
    return tls.isSet()
        ? new NatsTlsSettings(
            Unset.file(tls.caFile()),
            Unset.file(tls.certFile()),
            Unset.file(tls.keyFile()),
            null,
            null,
            true)
        : null;
  }
}
