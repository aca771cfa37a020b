package org.osprey.coordinator.ctl.load;

import java.util.concurrent.TimeUnit;
import org.osprey.coordinator.ctl.console.ProgressLine;
import org.osprey.coordinator.ctl.text.Human;

/** Drives load and says each second how it goes. */
public final class Load {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double HIGH = 99;

  private final LoadPlan plan;
  private final LoadRun run;

  public Load(LoadPlan plan, Call call) {
    this.plan = plan;
    run = new LoadRun(plan, call);
  }

  /** Ends it early; any thread may say so. */
  public void stop() {
    run.stop();
  }

  /** Returns at the end, once every call has its answer. */
  public LoadReport run(ProgressLine progress) throws InterruptedException {
    run.start();
    while (!run.await(SECOND)) {
      progress.show(line());
    }
    progress.show("waiting for the last answers");
    return LoadReport.of(run.results(), run.unsent(), run.seconds());
  }

  private String line() {
    double seconds = run.seconds();
    if (seconds <= 0) {
      return "warming up";
    }
    Results results = run.results();
    return "%.0f s of %s, %s, %s failed, p99 %s"
        .formatted(
            seconds,
            Human.seconds(plan.duration()),
            Human.rate(results.good() / seconds),
            Human.count(results.failed()),
            Human.seconds(results.latency().getValueAtPercentile(HIGH) / NANOS_PER_SECOND));
  }
}
