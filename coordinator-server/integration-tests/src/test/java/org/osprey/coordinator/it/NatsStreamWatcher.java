package org.osprey.coordinator.it;

import com.google.protobuf.InvalidProtocolBufferException;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osprey.coordinator.proto.streams.v1.StateUpdate;

/** Reads the updates of streams as anybody can, by a plain client of NATS. */
final class NatsStreamWatcher implements AutoCloseable {
  private final Connection connection;
  private final Dispatcher dispatcher;
  private final Map<String, StreamDiary> diaries = new ConcurrentHashMap<>();

  NatsStreamWatcher(String url) {
    connection = connect(url);
    dispatcher =
        connection.createDispatcher(
            message -> {
              try {
                StateUpdate update = StateUpdate.parseFrom(message.getData());
                StreamDiary diary = diaries.get(update.getStreamId());
                if (diary != null) {
                  diary.add(SeenState.of(update));
                }
              } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
              }
            });
  }

  /** A connection that comes back by itself. */
  private static Connection connect(String url) {
    try {
      return Nats.connect(
          Options.builder()
              .server(url)
              .maxReconnects(-1)
              .reconnectWait(Duration.ofMillis(100))
              .errorListener(new ErrorListener() {})
              .build());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** For what else there is to say; closed with this. */
  Connection connection() {
    return connection;
  }

  /** Returns when no update can be missed any more. */
  StreamDiary follow(String streamId) {
    StreamDiary diary = diaries.computeIfAbsent(streamId, id -> new StreamDiary());
    Dispatcher unused = dispatcher.subscribe("stream." + streamId + ".updates");
    try {
      connection.flush(Duration.ofSeconds(30));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return diary;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
