package org.osprey.coordinator.etcd;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What clients see in one of etcd's stores. */
interface View extends AutoCloseable {

  List<Seen> lookUp(String service) throws Exception;

  /** By hand, behind the announcer's back. */
  void delete(String key) throws Exception;

  @Override
  void close();

  /** Ports, and whether they drain. */
  default Map<Integer, Boolean> ports(String service) throws Exception {
    return lookUp(service).stream().collect(Collectors.toMap(Seen::port, Seen::draining));
  }

  /**
   * One instance as a client understands it.
   *
   * @param host where the client connects to
   * @param port where the client connects to
   */
  record Seen(String key, String value, String host, int port, boolean draining) {}
}
