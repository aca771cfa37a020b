package org.osprey.coordinator.it;

import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.osprey.coordinator.proto.bidirectional_stream.v1.OspreyCoordinatorServiceGrpc;
import org.osprey.coordinator.proto.sync_action.v1.OspreyCoordinatorSyncActionServiceGrpc;
import org.osprey.coordinator.rpc.Attack;
import org.osprey.coordinator.rpc.RawHttp2;

/** What an attacker sees of a coordinator. */
enum GrpcPort {
  WORKER(OspreyCoordinatorServiceGrpc.getOspreyBidirectionalStreamMethod()),
  SYNC(OspreyCoordinatorSyncActionServiceGrpc.getProcessActionMethod());

  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final String path;

  GrpcPort(MethodDescriptor<?, ?> method) {
    path = "/" + method.getFullMethodName();
  }

  /** As in a coordinator's own settings: gRPC warns of each wrong frame, with a stack trace. */
  static void silenceWarnings() {
    GRPC.setLevel(Level.SEVERE);
  }

  /** Of its method, as in {@code :path}. */
  String path() {
    return path;
  }

  RawHttp2 connect(CoordinatorTester tester) throws IOException {
    return RawHttp2.connect(number(tester));
  }

  Attack.Result attack(CoordinatorTester tester, Attack attack, Duration limit) throws IOException {
    return attack.run(number(tester), path, limit);
  }

  /** How many connections there are. */
  int connections(CoordinatorTester tester) {
    return (int) Scrape.of(tester).value("connections", "port", label());
  }

  /** How many were closed for a reason. */
  int cut(CoordinatorTester tester, String cause) {
    return (int) Scrape.of(tester).value("connections_cut_total", "port", label(), "cause", cause);
  }

  private String label() {
    return this == WORKER ? "worker" : "sync";
  }

  private int number(CoordinatorTester tester) {
    return this == WORKER ? tester.workerPort() : tester.syncPort();
  }
}
