package org.osprey.coordinator.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a port is guarded.
 *
 * @param name for people
 */
public record PortSecurity(String name, String bindAddress, boolean encrypted, boolean identities) {

  /** What somebody beyond this host could do with it, one line each. */
  public List<String> warnings() {
    if (isLocal()) {
      return List.of();
    }
    List<String> warnings = new ArrayList<>();
    if (!encrypted) {
      warnings.add(
          "the %s port is open on %s without TLS: what passes can be read (set tls.%s)"
              .formatted(name, bindAddress, name));
    }
    if (!identities) {
      warnings.add(
          "the %s port is open on %s to everybody (set access.identities or access.jwt)"
              .formatted(name, bindAddress));
    }
    return warnings;
  }

  private boolean isLocal() {
    try {
      return InetAddress.getByName(bindAddress).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
