package org.osprey.coordinator.ctl.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.osprey.coordinator.ctl.console.Console;
import org.osprey.coordinator.ctl.console.Exit;
import org.osprey.coordinator.ctl.console.Failure;
import org.osprey.coordinator.ctl.console.Interruption;
import org.osprey.coordinator.ctl.console.ProgressLine;
import org.osprey.coordinator.ctl.load.Call;
import org.osprey.coordinator.ctl.load.Load;
import org.osprey.coordinator.ctl.load.LoadPlan;
import org.osprey.coordinator.ctl.load.LoadReport;
import org.osprey.coordinator.ctl.load.Sample;
import org.osprey.coordinator.ctl.load.SyncPort;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drives load. */
@Command(
    name = "load",
    description = {
      "Sends sync actions for a while and prints how they were answered.",
      "With --rate, latency counts from when a call was due, so a coordinator that is late can't"
          + " hide it. Ctrl-C ends it early and prints what there is.",
    })
final class LoadCommand implements Callable<Exit> {
  private static final int SYNC_PORT = 19951;
  private static final int MOST_CALLERS = 10_000;

  private final Coordctl root;

  @Option(
      names = "--via",
      paramLabel = "grpc|http",
      defaultValue = "grpc",
      description = "The sync port or the HTTP port; otherwise ${DEFAULT-VALUE}.")
  private Via via = Via.GRPC;

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      description = "The sync port; otherwise 19951 on the host of --url. TLS where that is https.")
  private @Nullable String target;

  @Option(
      names = "--callers",
      paramLabel = "N",
      defaultValue = "8",
      description = "Calls that may be out at a time; otherwise ${DEFAULT-VALUE}.")
  private int callers;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Calls a second; otherwise each caller sends as soon as it has its answer.")
  private double rate;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Times.class,
      description = "How long to measure; otherwise ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = Times.class,
      description = "How long to send before that; otherwise ${DEFAULT-VALUE}.")
  private Duration warmUp = Duration.ZERO;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Times.class,
      description = "Deadline of each call; otherwise ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "load_test",
      description = "Name of the actions; otherwise ${DEFAULT-VALUE}.")
  private String name = "";

  @Option(
      names = "--data",
      paramLabel = "JSON|@FILE|-",
      description = "Their payload, as with send; otherwise {}.")
  private @Nullable String data;

  /** The port that is called. */
  enum Via {
    GRPC,
    HTTP;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  LoadCommand(Coordctl root) {
    this.root = root;
  }

  @Override
  public Exit call() throws IOException, InterruptedException {
    check();
    Console console = root.console();
    Sample sample = new Sample(name, new String(Payload.read(data, console), UTF_8));
    try (Call call = call(sample)) {
      call.check();
      Load load = new Load(new LoadPlan(callers, rate, warmUp, duration), call);
      return Interruption.during(load::stop, () -> report(load, console));
    }
  }

  private Exit report(Load load, Console console) throws InterruptedException {
    LoadReport report;
    try (ProgressLine progress = new ProgressLine(console)) {
      report = load.run(progress);
    }
    if (root.json()) {
      root.print(report.json());
    } else {
      root.print(report.details());
    }
    console.flush();
    return report.failed() == 0 ? Exit.OK : Exit.REFUSED;
  }

  private Call call(Sample sample) {
    return via == Via.HTTP
        ? Call.http(root.api().http(), sample, timeout)
        : Call.grpc(syncPort(), sample, timeout);
  }

  private SyncPort syncPort() {
    URI url = root.url();
    return new SyncPort(
        target == null ? url.getHost() + ":" + SYNC_PORT : target,
        "https".equals(url.getScheme()),
        root.credentials());
  }

  private void check() {
    if (callers < 1 || callers > MOST_CALLERS) {
      throw Failure.usage("--callers: want 1 to %d, got %d".formatted(MOST_CALLERS, callers));
    }
    if (rate < 0 || !Double.isFinite(rate)) {
      throw Failure.usage("--rate: want calls a second, or 0 for no limit, got " + rate);
    }
    if (duration.isZero()) {
      throw Failure.usage("--duration: want some time, such as 10s, got 0");
    }
    if (timeout.isZero()) {
      throw Failure.usage("--timeout: want some time, such as 10s, got 0");
    }
    if (via == Via.HTTP && target != null) {
      throw Failure.usage("--target: is the sync port; with --via http want --url");
    }
  }
}
