package org.osprey.coordinator.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The other side of a test: makes streams, fills them, and looks at what became of it. */
public final class TestNats implements AutoCloseable {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Connection connection;

  public TestNats(String url) {
    this(Options.builder().server(url).maxReconnects(-1).build());
  }

  public TestNats(Options options) {
    try {
      connection = Nats.connect(options);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A name that no stream on this JVM's servers has. */
  public static String newName() {
    return "test" + NAMES.incrementAndGet();
  }

  /** Takes {@code <name>.>}. */
  public void createStream(String name) {
    createStream(StreamConfiguration.builder().name(name).subjects(name + ".>").build());
  }

  public void createStream(StreamConfiguration configuration) {
    StreamConfiguration filed =
        StreamConfiguration.builder(configuration).storageType(StorageType.File).build();
    ask(management -> management.addStream(filed));
  }

  public void deleteStream(String name) {
    ask(management -> management.deleteStream(name));
  }

  public void createConsumer(String stream, ConsumerConfiguration configuration) {
    ask(management -> management.addOrUpdateConsumer(stream, configuration));
  }

  public void deleteConsumer(String stream, String durable) {
    ask(management -> management.deleteConsumer(stream, durable));
  }

  public ConsumerInfo consumer(String stream, String durable) {
    return ask(management -> management.getConsumerInfo(stream, durable));
  }

  /** Returns when the server has it. */
  public void publish(String subject, byte[] data, Map<String, String> headers) {
    Headers sent = new Headers();
    headers.forEach(sent::put);
    ask(management -> connection.jetStream().publish(subject, sent, data));
  }

  public void publish(String subject, String data) {
    publish(subject, data.getBytes(UTF_8), Map.of());
  }

  /**
   * Publishes envelopes with ids from {@code first} to {@code last}; returns when all are there.
   */
  public void publishIds(String subject, long first, long last) {
    List<CompletableFuture<PublishAck>> acks = new ArrayList<>();
    for (long id = first; id <= last; id++) {
      byte[] data = envelope(id).getBytes(UTF_8);
      acks.add(ask(management -> connection.jetStream().publishAsync(subject, data)));
    }
    acks.forEach(CompletableFuture::join);
  }

  public static String envelope(long id) {
    return "{\"id\":\"%d\",\"name\":\"test\",\"data\":{\"n\":%d}}".formatted(id, id);
  }

  /** How many messages a stream has. */
  public long count(String stream) {
    return ask(management -> management.getStreamInfo(stream)).getStreamState().getMsgCount();
  }

  /** The messages of a stream whose sequences have no gap. */
  public List<MessageInfo> read(String stream) {
    List<MessageInfo> found = new ArrayList<>();
    long count = count(stream);
    for (long sequence = 1; sequence <= count; sequence++) {
      long wanted = sequence;
      found.add(ask(management -> management.getMessage(stream, wanted)));
    }
    return found;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T ask(Request<T> request) {
    try {
      return request.run(connection.jetStreamManagement());
    } catch (IOException | JetStreamApiException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Something to ask the server. */
  @FunctionalInterface
  private interface Request<T> {
    T run(JetStreamManagement management) throws IOException, JetStreamApiException;
  }
}
