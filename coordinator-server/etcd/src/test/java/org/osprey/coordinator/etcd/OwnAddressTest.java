package org.osprey.coordinator.etcd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnAddressTest {
  private static final List<URI> LOOPBACK = List.of(URI.create("http://127.0.0.1:2379"));

  @Test
  void itIsAnAddressOfThisHost() throws UnknownHostException, SocketException {
    InetAddress found = InetAddress.getByName(OwnAddress.find(LOOPBACK));
    assertTrue(NetworkInterface.getByInetAddress(found) != null, found::toString);
  }

  @Test
  void loopbackIsTheLastResort() throws UnknownHostException, SocketException {
    boolean others =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(OwnAddress::usable);
    assumeTrue(others, "this host has a loopback interface only");
    assertFalse(InetAddress.getByName(OwnAddress.find(LOOPBACK)).isLoopbackAddress());
  }

  @Test
  void anUnknownPeerIsNoObstacle() {
    List<URI> unknown = List.of(URI.create("http://does-not-exist.invalid:2379"));
    assertEquals(OwnAddress.find(LOOPBACK), OwnAddress.find(unknown));
  }

  @Test
  void onlyAddressesThatOthersReachAreUsable() {
    assertTrue(usable("192.0.2.7"));
    assertTrue(usable("2001:db8::7"));
    assertFalse(usable("127.0.0.1"));
    assertFalse(usable("::1"));
    assertFalse(usable("0.0.0.0"));
    assertFalse(usable("169.254.1.1"));
  }

  private static boolean usable(String address) {
    return OwnAddress.usable(new InetSocketAddress(address, 1).getAddress());
  }
}
