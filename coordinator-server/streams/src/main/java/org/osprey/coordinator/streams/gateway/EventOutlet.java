package org.osprey.coordinator.streams.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.osprey.coordinator.http.EventStream;

/** To a client of server-sent events. The thread of its request writes, and waits where it must. */
final class EventOutlet implements Outlet {
  private static final byte[] LAST = "event: end\ndata: {}\n\n".getBytes(UTF_8);

  private final EventStream events;

  /** One message and the end. */
  private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(2);

  private volatile boolean ended;

  /**
   * @param ping whether it is sent to see that the client takes it
   */
  private record Message(Part part, boolean ping, Runnable done) {}

  /** What there is to write. */
  private interface Part {
    void write(EventStream events) throws IOException;
  }

  EventOutlet(EventStream events) {
    this.events = events;
  }

  /**
   * Writes what comes, until the end.
   *
   * @param watcher told of what has left
   * @throws IOException when the client has gone away
   */
  void run(Watcher watcher) throws IOException, InterruptedException {
    while (!ended) {
      Message message = messages.take();
      message.part().write(events);
      message.done().run();
      if (message.ping()) {
        watcher.heard();
      } else {
        watcher.took();
      }
    }
  }

  @Override
  public void send(Frame frame, Runnable done) {
    byte[] event = frame.event();
    put(new Message(stream -> stream.send(event), false, done));
  }

  @Override
  public void ping(Runnable done) {
    put(new Message(EventStream::heartbeat, true, done));
  }

  /** The client comes again, and is told then what is the matter. */
  @Override
  public void end(int code, String reason) {
    put(new Message(stream -> stream.send(LAST), false, () -> ended = true));
  }

  @Override
  public void cut() {
    ended = true;
    put(new Message(stream -> {}, false, () -> {}));
    events.cut();
  }

  @Override
  public Kind kind() {
    return Kind.SSE;
  }

  /** There is room, since one message is on its way at a time; what follows an end is not sent. */
  private void put(Message message) {
    boolean unused = messages.offer(message);
  }
}
