package org.osprey.coordinator.collectors.builtin.http;

import java.net.URI;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.CollectorKind;
import org.osprey.coordinator.collectors.builtin.Wants;

/** Polls a URL for JSON: the whole answer is an event, or each element of an array in it. */
public final class HttpKind implements CollectorKind<HttpConfig> {

  @Override
  public String name() {
    return "http";
  }

  @Override
  public HttpConfig defaults() {
    return HttpConfig.DEFAULTS;
  }

  @Override
  public Collector create(HttpConfig config, CollectorContext context) {
    URI uri = HttpConfig.uri(config.url());
    if (uri == null) {
      new Wants().notBlank(config.url(), "url").check();
      throw new IllegalStateException("unreachable");
    }
    return new HttpCollector(config, uri, context);
  }
}
