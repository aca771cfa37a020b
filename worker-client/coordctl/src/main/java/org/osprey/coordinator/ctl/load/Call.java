package org.osprey.coordinator.ctl.load;

import java.time.Duration;
import org.osprey.coordinator.ctl.api.Http;

/** One way to send an action and wait for its verdicts. Many threads share it. */
public interface Call extends AutoCloseable {

  /** The answer of a call that went well. */
  String OK = "OK";

  /** Calls the sync port, all on one connection. */
  static Call grpc(SyncPort port, Sample sample, Duration timeout) {
    return new GrpcCall(port, sample, timeout);
  }

  /** Posts to the HTTP port, each caller on a connection of its own. */
  static Call http(Http http, Sample sample, Duration timeout) {
    return new HttpCall(http, sample, timeout);
  }

  /**
   * Makes sure that somebody is there; blocks.
   *
   * @throws org.osprey.coordinator.ctl.console.Failure when nobody is
   */
  void check() throws InterruptedException;

  /** Sends one action; blocks. Returns {@link #OK}, or the code of the error, and never throws. */
  String send();

  @Override
  void close();
}
