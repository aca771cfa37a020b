package org.osprey.coordinator.app;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.rpc.RpcSecurity;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.ServerTls;

/**
 * Who may use the three ports, and how they are encrypted; TLS that is null is none.
 *
 * @param access one of the components too
 */
public record Guards(
    Access access,
    @Nullable ServerTls workerTls,
    @Nullable ServerTls syncTls,
    @Nullable ServerTls httpTls) {

  /** Open to everybody, and not encrypted. */
  public static Guards none(Ticker ticker) {
    return new Guards(Access.open(ticker), null, null, null);
  }

  RpcSecurity rpc() {
    return new RpcSecurity(access, workerTls, syncTls);
  }
}
