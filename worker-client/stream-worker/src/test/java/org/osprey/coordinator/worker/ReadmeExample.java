package org.osprey.coordinator.worker;

import java.time.Duration;

final class ReadmeExample {
  private ReadmeExample() {}

  public static void main(String[] arguments) {
    StreamWorker worker =
        StreamWorker.builder()
            .target("127.0.0.1:19950")
            .streams(8)
            .actionTimeout(Duration.ofSeconds(5))
            .handler(ReadmeExample::handle)
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
    worker.start();
  }

  static Answer handle(ReceivedAction action) {
    String payload = action.payload().bytes().toStringUtf8();
    return payload.contains("192.168.") ? Answer.verdicts("internal_ip") : Answer.verdicts();
  }
}
