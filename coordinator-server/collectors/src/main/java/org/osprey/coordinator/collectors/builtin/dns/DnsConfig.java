package org.osprey.coordinator.collectors.builtin.dns;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.osprey.coordinator.collectors.builtin.Wants;

/**
 * @param types of records that each name is asked for
 * @param servers {@code host}, {@code host:port} or {@code [v6]:port}; those of the machine when
 *     empty
 * @param timeout for a server, the second try included
 */
public record DnsConfig(
    List<String> names,
    List<String> types,
    List<String> servers,
    Duration interval,
    Duration timeout) {
  private static final int MAX_NAMES = 200;
  private static final int MAX_SERVERS = 8;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_*.-]{1,253}");
  private static final Pattern SERVER =
      Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:\\d{1,5})?");
  private static final List<String> TYPES =
      List.of("A", "AAAA", "CNAME", "MX", "NAPTR", "NS", "PTR", "SOA", "SRV", "TXT");

  static final DnsConfig DEFAULTS =
      new DnsConfig(
          List.of(), List.of("A"), List.of(), Duration.ofSeconds(30), Duration.ofSeconds(3));

  public DnsConfig {
    names = List.copyOf(names);
    types = List.copyOf(types);
    servers = List.copyOf(servers);
    Wants wants =
        new Wants()
            .that(names.size() <= MAX_NAMES, "names", names.size(), "at most " + MAX_NAMES)
            .that(!types.isEmpty(), "types", types, "at least one")
            .that(servers.size() <= MAX_SERVERS, "servers", servers.size(), "at most 8")
            .between(Duration.ofMillis(100), Duration.ofHours(24), interval, "interval")
            .between(Duration.ofMillis(50), Duration.ofMinutes(1), timeout, "timeout");
    for (String name : names) {
      wants.that(NAME.matcher(name).matches(), "names", name, "a name such as example.org");
    }
    for (String type : types) {
      wants.that(TYPES.contains(type), "types", type, "one of " + String.join(", ", TYPES));
    }
    for (String server : servers) {
      wants.that(SERVER.matcher(server).matches(), "servers", server, "host or host:port");
    }
    wants.check();
  }
}
