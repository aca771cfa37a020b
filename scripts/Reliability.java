import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Writes RELIABILITY.md from what the tests of the last run printed: each line that begins with the
 * number of a row belongs to it. Arguments: the root of the repository, and what was run, in words.
 */
final class Reliability {
  private static final Path ROWS = Path.of("coordinator-server/integration-tests/faults.tsv");
  private static final Pattern LINE = Pattern.compile("^(R[0-9]+)(?::| fault:)? (.*)$", Pattern.MULTILINE);

  /** What the tests of one row did. */
  private static final class Row {
    private final TreeSet<String> tests = new TreeSet<>();
    private final List<String> figures = new ArrayList<>();
    private LocalDate date = LocalDate.EPOCH;

    private void add(String test, String figure, LocalDate when) {
      tests.add(test);
      figures.add(figure);
      date = when.isAfter(date) ? when : date;
    }
  }

  private final Map<String, Row> rows = new TreeMap<>();

  /** For rows whose tests print no figures: what each class of tests did. */
  private final Map<String, Row> classes = new TreeMap<>();

  public static void main(String[] arguments) throws Exception {
    Path root = Path.of(arguments[0]);
    Reliability reliability = new Reliability();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Reliability::isReport).sorted().toList()) {
        reliability.read(file);
      }
    }
    Files.writeString(root.resolve("RELIABILITY.md"), reliability.table(root, arguments[1]));
  }

  private static boolean isReport(Path file) {
    return file.getParent() != null
        && file.getParent().endsWith("target/surefire-reports")
        && file.getFileName().toString().matches("TEST-.*\\.xml");
  }

  private void read(Path file) throws IOException, ParserConfigurationException, SAXException {
    LocalDate date =
        Files.getLastModifiedTime(file).toInstant().atZone(ZoneOffset.UTC).toLocalDate();
    NodeList cases =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(file.toFile())
            .getElementsByTagName("testcase");
    for (int i = 0; i < cases.getLength(); i++) {
      read((Element) cases.item(i), date);
    }
  }

  private void read(Element test, LocalDate date) {
    String type = test.getAttribute("classname");
    String name =
        type.substring(type.lastIndexOf('.') + 1) + "." + test.getAttribute("name").split("[({]", 2)[0];
    boolean failed =
        test.getElementsByTagName("failure").getLength()
                + test.getElementsByTagName("error").getLength()
            > 0;
    String figure = (failed ? "**failed** " : "passed ") + test.getAttribute("name");
    Row whole = classes.computeIfAbsent(name.split("\\.")[0], simple -> new Row());
    whole.add(name.split("\\.")[0], figure, date);
    NodeList outputs = test.getElementsByTagName("system-out");
    for (int i = 0; i < outputs.getLength(); i++) {
      Matcher line = LINE.matcher(outputs.item(i).getTextContent());
      while (line.find()) {
        rows.computeIfAbsent(line.group(1), number -> new Row())
            .add(name, (failed ? "**failed** " : "") + line.group(2), date);
      }
    }
  }

  private String table(Path root, String run) throws IOException {
    StringBuilder table =
        new StringBuilder(
            """
            # What the coordinator survives

            Written by `scripts/Reliability.java` after a run of the tests; edits are lost. This run: %s.
            `./test.sh` is the short one, `./test.sh --night` gives each row its full length, `./test.sh --soak 8h`
            is R38. The rows are in `coordinator-server/integration-tests/faults.tsv`.

            | row | fault | demanded | tests | what was done, and figures | date |
            |---|---|---|---|---|---|
            """
                .formatted(run));
    for (String line : Files.readAllLines(root.resolve(ROWS))) {
      if (!line.startsWith("#")) {
        table.append(row(line.split("\t")));
      }
    }
    return table.toString();
  }

  /**
   * @param known row, fault, what is demanded; then a class of tests that print no figures, or why
   *     there is no test
   */
  private String row(String[] known) {
    String last = known.length > 3 ? known[3] : "did not run";
    Row row = rows.getOrDefault(known[0], classes.get(last));
    String begin = "| %s | %s | %s | ".formatted(known[0], known[1], known[2]);
    return row == null
        ? "%s– | %s | – |%n".formatted(begin, last)
        : "%s%s | %s | %s |%n".formatted(begin, lines(row.tests), lines(row.figures), row.date);
  }

  private static String lines(Iterable<String> lines) {
    StringBuilder cell = new StringBuilder();
    for (String line : lines) {
      String text = line.replace("|", "\\|");
      cell.append(cell.isEmpty() ? "" : "<br>").append(text);
    }
    return cell.toString();
  }
}
