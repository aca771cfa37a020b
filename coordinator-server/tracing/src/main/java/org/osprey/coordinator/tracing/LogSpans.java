package org.osprey.coordinator.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.StringJoiner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a line for each span: for those who try tracing out and have no receiver. */
final class LogSpans implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(LogSpans.class);

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    spans.forEach(span -> log.info("span: {}", line(span)));
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  private static String line(SpanData span) {
    StringJoiner line = new StringJoiner(" ");
    line.add("name=\"%s\"".formatted(span.getName()));
    line.add("trace_id=" + span.getTraceId());
    line.add("span_id=" + span.getSpanId());
    line.add("parent_id=" + span.getParentSpanId());
    line.add("micros=" + (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1000);
    span.getAttributes().forEach((key, value) -> line.add(key.getKey() + "=" + value));
    return line.toString();
  }
}
