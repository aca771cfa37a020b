package org.osprey.coordinator.collectors.builtin.dns;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.osprey.coordinator.collector.Collector;
import org.osprey.coordinator.collector.CollectorContext;
import org.osprey.coordinator.collector.Emitter;
import org.osprey.coordinator.collector.Event;
import org.osprey.coordinator.collector.Health;
import org.osprey.coordinator.collector.Payload;
import org.osprey.coordinator.collector.Severity;
import org.osprey.coordinator.collectors.builtin.Troubles;

/** Asks all questions at once at each poll, and tells of the answers in order. */
final class DnsCollector implements Collector {
  private static final int AT_ONCE = 16;

  private final DnsConfig config;
  private final CollectorContext context;
  private final Resolver resolver;
  private final Troubles troubles;
  private final List<Question> questions = new ArrayList<>();
  private final Semaphore room = new Semaphore(AT_ONCE);

  /** They wait for servers and nothing else. */
  private final ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor();

  /** Of the polls' thread. */
  private final Map<Question, SortedSet<String>> known = new HashMap<>();

  DnsCollector(DnsConfig config, CollectorContext context) {
    this.config = config;
    this.context = context;
    this.resolver = new Resolver(config.servers(), config.timeout(), context::nanos);
    this.troubles = new Troubles("dns", context);
    for (String name : config.names()) {
      config.types().forEach(type -> questions.add(new Question(name, type)));
    }
  }

  @Override
  public void start(Emitter emitter) {
    context.every(config.interval(), () -> poll(emitter));
  }

  @Override
  public Health health() {
    return troubles.health("asks for %d records".formatted(questions.size()));
  }

  @Override
  public void close() {
    askers.shutdownNow();
  }

  private void poll(Emitter emitter) throws InterruptedException, ExecutionException {
    List<Future<Reply>> replies = new ArrayList<>();
    for (Question question : questions) {
      replies.add(askers.submit(() -> ask(question)));
    }
    for (int i = 0; i < replies.size(); i++) {
      tell(emitter, questions.get(i), replies.get(i).get());
    }
  }

  private Reply ask(Question question) throws InterruptedException {
    room.acquire();
    try {
      return resolver.ask(question);
    } finally {
      room.release();
    }
  }

  private void tell(Emitter emitter, Question question, Reply reply) throws InterruptedException {
    switch (reply) {
      case Reply.Answer answer -> {
        troubles.worked(emitter, question.toString(), question.attributes());
        tell(emitter, question, answer);
      }
      case Reply.Failure failure ->
          troubles.failed(emitter, question.toString(), failure.reason(), question.attributes());
    }
  }

  private void tell(Emitter emitter, Question question, Reply.Answer answer)
      throws InterruptedException {
    Map<String, String> attributes = new HashMap<>(question.attributes());
    attributes.put("answers", String.join(",", answer.records()));
    attributes.put("latency_us", Long.toString(answer.latencyNanos() / 1_000));
    emit(emitter, "dns.answer", Severity.INFO, attributes);
    SortedSet<String> before = known.put(question, answer.records());
    if (before != null && !before.equals(answer.records())) {
      attributes.remove("latency_us");
      attributes.put("before", String.join(",", before));
      attributes.put("added", difference(answer.records(), before));
      attributes.put("removed", difference(before, answer.records()));
      emit(emitter, "dns.changed", Severity.WARNING, attributes);
    }
  }

  private void emit(Emitter emitter, String type, Severity severity, Map<String, String> attributes)
      throws InterruptedException {
    emitter.emit(new Event(type, severity, context.clock().instant(), attributes, Payload.NONE));
  }

  private static String difference(SortedSet<String> of, SortedSet<String> without) {
    SortedSet<String> rest = new TreeSet<>(of);
    rest.removeAll(without);
    return String.join(",", rest);
  }
}
