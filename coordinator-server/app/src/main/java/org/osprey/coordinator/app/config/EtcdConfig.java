package org.osprey.coordinator.app.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.osprey.coordinator.settings.Rules;
import org.osprey.coordinator.settings.Variable;

/**
 * Where workers and callers find this coordinator.
 *
 * @param peers of one etcd cluster; empty means that the coordinator is not announced
 * @param podIp empty means the host's own
 */
public record EtcdConfig(
    @Variable("ETCD_PEERS") List<String> peers,
    @Variable("OSPREY_COORDINATOR_SERVICE_NAME") String serviceName,
    @Variable("POD_IP") String podIp,
    Duration ttl,
    Duration refresh,
    Duration verify,
    Duration announceDelay,
    Duration requestTimeout,
    String user,
    String password,
    TlsConfig tls) {

  public EtcdConfig {
    Rules rules =
        new Rules()
            .that(
                serviceName.matches("[a-zA-Z0-9._-]+"),
                serviceName,
                "letters, digits, dots, dashes, underscores",
                "serviceName")
            .positive(ttl, "ttl")
            .that(ttl.toNanosPart() == 0, ttl, "whole seconds", "ttl")
            .positive(refresh, "refresh")
            .that(
                refresh.multipliedBy(2).compareTo(ttl) <= 0,
                refresh,
                "at most half of etcd.ttl",
                "refresh")
            .positive(verify, "verify")
            .that(!announceDelay.isNegative(), announceDelay, "0s or longer", "announceDelay")
            .positive(requestTimeout, "requestTimeout");
    peers.forEach(peer -> rules.that(isHttp(peer), peer, "http://host:port", "peers"));
    rules.check();
    peers = List.copyOf(peers);
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      return uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
