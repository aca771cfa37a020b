package org.osprey.coordinator.rpc;

import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.core.Ticker;
import org.osprey.coordinator.security.Access;
import org.osprey.coordinator.security.ServerTls;

/**
 * Who may use the two ports, and how they are encrypted.
 *
 * @param workerTls null for none
 * @param syncTls null for none
 */
public record RpcSecurity(
    Access access, @Nullable ServerTls workerTls, @Nullable ServerTls syncTls) {

  /** Open to everybody, and not encrypted. */
  public static RpcSecurity none(Ticker ticker) {
    return new RpcSecurity(Access.open(ticker), null, null);
  }
}
