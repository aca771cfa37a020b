package org.osprey.coordinator.collectors.builtin.dns;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.OperationNotSupportedException;
import javax.naming.ServiceUnavailableException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.settings.Durations;

/**
 * Asks servers themselves, because the JVM keeps what it looked up for itself and would not see a
 * change. Safe for use by many threads.
 */
final class Resolver {
  private static final int TRIES = 2;

  /** Each try waits twice as long as the one before. */
  private static final int SHARES_OF_TRIES = 3;

  private static final int MAX_RECORDS = 100;

  private final List<String> servers;
  private final Duration timeout;
  private final LongSupplier nanos;

  /**
   * @param servers those of the machine when empty, looked up again each time
   */
  Resolver(List<String> servers, Duration timeout, LongSupplier nanos) {
    this.servers = servers;
    this.timeout = timeout;
    this.nanos = nanos;
  }

  /** Blocks until there is an answer, or no server gave one in time. */
  @SuppressWarnings("BanJNDI") // that of DNS answers with text only
  Reply ask(Question question) {
    long begun = nanos.getAsLong();
    try {
      DirContext context = new InitialDirContext(environment());
      try {
        Attribute found =
            context
                .getAttributes(question.name(), new String[] {question.type()})
                .get(question.type());
        return new Reply.Answer(records(found), nanos.getAsLong() - begun);
      } finally {
        context.close();
      }
    } catch (NamingException e) {
      return new Reply.Failure(reason(e));
    }
  }

  @SuppressWarnings("JdkObsolete") // what the JDK takes here
  private Hashtable<String, String> environment() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(
        Context.PROVIDER_URL,
        servers.isEmpty()
            ? "dns:"
            : servers.stream().map(server -> "dns://" + server).collect(Collectors.joining(" ")));
    long first = Math.max(1, timeout.toMillis() / SHARES_OF_TRIES);
    environment.put("com.sun.jndi.dns.timeout.initial", Long.toString(first));
    environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(TRIES));
    return environment;
  }

  private static SortedSet<String> records(@Nullable Attribute found) throws NamingException {
    SortedSet<String> records = new TreeSet<>();
    if (found == null) {
      return records;
    }
    for (Object value : Collections.list(found.getAll())) {
      if (records.size() < MAX_RECORDS) {
        records.add(value.toString());
      }
    }
    return records;
  }

  private String reason(NamingException e) {
    if (e.getRootCause() instanceof SocketTimeoutException) {
      return "no answer within " + Durations.format(timeout);
    }
    return switch (e) {
      case NameNotFoundException refused -> "NXDOMAIN: no such name";
      case ServiceUnavailableException refused -> "SERVFAIL: the server could not answer";
      case OperationNotSupportedException refused -> "REFUSED: the server would not answer";
      default -> "no answer: " + (e.getRootCause() == null ? e : e.getRootCause()).getMessage();
    };
  }
}
