package org.osprey.coordinator.collectors.builtin.kubelet;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.Troubles;
import org.osprey.coordinator.collectors.builtin.kubelet.StatsSummary.Pod;
import org.osprey.coordinator.collectors.builtin.kubelet.StatsSummary.Reference;
import org.osprey.coordinator.collectors.builtin.web.FetchException;
import org.osprey.coordinator.collectors.builtin.web.Status;
import org.osprey.coordinator.collectors.builtin.web.WebClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Asks for the pods and for what they use; each may fail on its own. */
final class KubeletCollector implements Collector {
  private static final int OK = 200;
  private static final int MAX_BODY = 32 << 20;
  private static final String PODS = "/pods";
  private static final String SUMMARY = "/stats/summary";
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private final KubeletConfig config;
  private final URI base;
  private final CollectorContext context;
  private final Token token;
  private final Troubles troubles;
  private final PodWatch pods = new PodWatch();
  private volatile int count;
  private volatile @Nullable WebClient client;

  KubeletCollector(KubeletConfig config, CollectorContext context) {
    this.config = config;
    this.base = Objects.requireNonNull(KubeletConfig.base(config.address()));
    this.context = context;
    this.token = new Token(config);
    this.troubles = new Troubles("kubelet", context);
  }

  @Override
  public void start(Emitter emitter) throws IOException {
    WebClient made = new WebClient(config.timeout(), MAX_BODY, config.caFile(), config.insecure());
    client = made;
    context.every(
        config.pollInterval(),
        () -> {
          pollPods(emitter, made);
          if (config.stats()) {
            pollStats(emitter, made);
          }
        });
  }

  @Override
  public Health health() {
    return troubles.health("watches %d pods of %s".formatted(count, base.getAuthority()));
  }

  @Override
  public void close() {
    WebClient made = client;
    if (made != null) {
      made.close();
    }
  }

  private void pollPods(Emitter emitter, WebClient from) throws InterruptedException {
    PodList list;
    try {
      list = get(from, PODS, PodList.class);
    } catch (FetchException e) {
      failed(emitter, PODS, e);
      return;
    }
    worked(emitter, PODS);
    pods.update(list, (type, severity, with) -> emit(emitter, type, severity, with));
    count = pods.count();
  }

  private void pollStats(Emitter emitter, WebClient from) throws InterruptedException {
    StatsSummary summary;
    try {
      summary = get(from, SUMMARY, StatsSummary.class);
    } catch (FetchException e) {
      failed(emitter, SUMMARY, e);
      return;
    }
    worked(emitter, SUMMARY);
    String node = summary.node() == null ? null : summary.node().nodeName();
    List<@Nullable Pod> all = summary.pods() == null ? List.of() : summary.pods();
    for (Pod pod : all) {
      if (pod != null && pod.podRef() != null) {
        emit(emitter, "kubelet.stats", Severity.INFO, usage(node, pod.podRef(), pod));
      }
    }
  }

  private static Map<String, String> usage(@Nullable String node, Reference of, Pod pod) {
    Map<String, String> attributes = new HashMap<>();
    put(attributes, "node", node);
    put(attributes, "namespace", of.namespace());
    put(attributes, "pod", of.name());
    put(attributes, "uid", of.uid());
    put(attributes, "cpu_nanocores", pod.cpu() == null ? null : pod.cpu().usageNanoCores());
    put(attributes, "memory_bytes", pod.memory() == null ? null : pod.memory().workingSetBytes());
    return attributes;
  }

  private static void put(Map<String, String> attributes, String key, @Nullable Object value) {
    if (value != null) {
      attributes.put(key, value.toString());
    }
  }

  private <T> T get(WebClient from, String path, Class<T> type)
      throws FetchException, InterruptedException {
    boolean encrypted = "https".equals(base.getScheme());
    Map<String, String> headers = encrypted ? token.header() : Map.of();
    HttpResponse<byte[]> response = from.get(base.resolve(path), headers);
    if (response.statusCode() != OK) {
      throw new FetchException(Status.refusal(response.statusCode()));
    }
    try {
      T read = MAPPER.readValue(response.body(), type);
      if (read == null) {
        throw new FetchException("want a JSON object, got null");
      }
      return read;
    } catch (JacksonException e) {
      throw new FetchException("want the JSON of a kubelet, got something else");
    }
  }

  private void failed(Emitter emitter, String path, FetchException why)
      throws InterruptedException {
    troubles.failed(emitter, path, String.valueOf(why.getMessage()), attributes(path));
  }

  private void worked(Emitter emitter, String path) throws InterruptedException {
    troubles.worked(emitter, path, attributes(path));
  }

  private Map<String, String> attributes(String path) {
    return Map.of("address", base.getAuthority(), "path", path);
  }

  private void emit(Emitter emitter, String type, Severity severity, Map<String, String> attributes)
      throws InterruptedException {
    emitter.emit(new Event(type, severity, context.clock().instant(), attributes, Payload.NONE));
  }
}
