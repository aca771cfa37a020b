package org.osprey.coordinator.rpc;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.net.SocketAddress;

/** The other ends of calls. */
final class Peers {
  private Peers() {}

  /** Without the host name that Java writes before the slash. */
  static String address(ServerCall<?, ?> call) {
    SocketAddress address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return String.valueOf(address).replaceFirst("^.*/", "");
  }
}
