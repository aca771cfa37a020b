package org.osprey.coordinator.benchmarks.e2e;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** What is printed at the end. Thread-safe. */
final class Table {
  private static final String ROW = "%-18s  %-40s  %12s  %-8s  %-10s  %s%n";

  private final List<Row> rows = new ArrayList<>();

  private record Row(
      String scenario, String figure, String value, String unit, String wanted, String remark) {}

  synchronized void add(String scenario, Figure figure) {
    rows.add(
        new Row(
            scenario,
            figure.name(),
            figure.shown(),
            figure.unit(),
            figure.wanted(),
            figure.met() ? "" : "missed"));
  }

  synchronized void addFailure(String scenario, String problem) {
    rows.add(new Row(scenario, problem, "", "", "", "failed"));
  }

  synchronized void print(PrintStream out) {
    out.printf(ROW, "scenario", "figure", "value", "unit", "wanted", "");
    for (Row row : rows) {
      out.printf(ROW, row.scenario, row.figure, row.value, row.unit, row.wanted, row.remark);
    }
    out.flush();
  }
}
