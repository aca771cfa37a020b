package org.osprey.coordinator.etcd;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the address under which others reach this host. First choice is the one it has towards
 * etcd, because workers share that network; then that of the lowest interface that is up, IPv4
 * before IPv6. Loopback only when there is nothing else.
 */
final class OwnAddress {

  private OwnAddress() {}

  /** May look up names, so it can block as long as that takes. */
  static String find(List<URI> peers) {
    return peers.stream()
        .flatMap(peer -> towards(peer).stream())
        .findFirst()
        .or(OwnAddress::ofInterfaces)
        .orElseGet(InetAddress::getLoopbackAddress)
        .getHostAddress();
  }

  /** Asks for the route; connecting a datagram socket sends nothing. */
  private static Optional<InetAddress> towards(URI peer) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(peer.getHost(), peer.getPort()));
      return Optional.ofNullable(socket.getLocalAddress()).filter(OwnAddress::usable);
    } catch (IOException | IllegalArgumentException e) {
      // An unknown name or no route: other ways are left.
      return Optional.empty();
    }
  }

  private static Optional<InetAddress> ofInterfaces() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(OwnAddress::isUp)
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(OwnAddress::usable)
          .min(Comparator.comparing(address -> !(address instanceof Inet4Address)));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean isUp(NetworkInterface candidate) {
    try {
      return candidate.isUp();
    } catch (SocketException e) {
      return false;
    }
  }

  static boolean usable(InetAddress address) {
    return Stream.of(
            address.isLoopbackAddress(),
            address.isAnyLocalAddress(),
            address.isLinkLocalAddress(),
            address.isMulticastAddress())
        .noneMatch(unfit -> unfit);
  }
}
