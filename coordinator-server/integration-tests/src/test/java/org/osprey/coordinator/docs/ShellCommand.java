package org.osprey.coordinator.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osprey.coordinator.docs.Document.Block;
import org.osprey.coordinator.docs.Document.Piece;

/**
 * A command that a document gives.
 *
 * @param piece its text, over several lines where it is written so, without a remark behind it
 * @param inline whether it stands in a sentence or a table, and not in a block
 */
record ShellCommand(Piece piece, boolean inline) {
  private static final Pattern ASSIGNMENT =
      Pattern.compile("([A-Z][A-Z0-9_]*)=(.*)", Pattern.DOTALL);

  /** Begins as what is typed into a shell does; a tool alone is its name. */
  private static final Pattern TYPED =
      Pattern.compile(
          "(?:[A-Z][A-Z0-9_]*=(?:'[^']*'|\\S*) )*"
              + "(?:(?:\\./|[\\w-]+/)*[\\w.-]+\\.sh(?: .*)?|\\./coordctl(?: .*)?"
              + "|(?:apt-get|coordctl|curl|docker|go|grpcurl|helm|java|kubectl|mvn|nats|protoc"
              + "|python3?|wscat) .+)");

  private static final Pattern FILE = Pattern.compile("(?!\\./)[\\w./-]+\\.sh");
  private static final Pattern SETTING =
      Pattern.compile("(?:[A-Z][A-Z0-9_]*=(?:'[^']*'|\\S+)(?: |$))+");

  /** All of a document, in the order of its blocks, then of its sentences. */
  static List<ShellCommand> of(Document document) {
    List<ShellCommand> commands = new ArrayList<>();
    for (Block block : document.blocks()) {
      if (block.language().equals("bash")) {
        commands.addAll(of(block));
      }
    }
    for (Piece code : document.code()) {
      if (isTyped(code.text())) {
        commands.add(new ShellCommand(code, true));
      }
    }
    return commands;
  }

  /** A name of a script alone names the file. */
  private static boolean isTyped(String code) {
    return SETTING.matcher(code).matches()
        || (TYPED.matcher(code).matches() && !FILE.matcher(code).matches());
  }

  static List<ShellCommand> of(Block block) {
    List<ShellCommand> commands = new ArrayList<>();
    Piece piece = block.piece();
    StringBuilder open = new StringBuilder();
    int begin = piece.line();
    int number = piece.line();
    for (String line : piece.text().lines().toList()) {
      if (open.isEmpty()) {
        begin = number;
      }
      open.append(open.isEmpty() ? "" : "\n").append(line);
      number++;
      if (!goesOn(open.toString())) {
        add(new Piece(piece.document(), begin, open.toString()), commands);
        open.setLength(0);
      }
    }
    if (!open.isEmpty()) {
      throw new AssertionError(new Piece(piece.document(), begin, "a command does not end"));
    }
    return commands;
  }

  private static void add(Piece piece, List<ShellCommand> commands) {
    String text = withoutRemark(piece.text()).strip();
    if (!text.isEmpty()) {
      commands.add(new ShellCommand(new Piece(piece.document(), piece.line(), text), false));
    }
  }

  String text() {
    return piece.text();
  }

  /** The words as a shell would pass them on; nothing is expanded. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    Quotes quotes = new Quotes();
    for (char c : text().replace("\\\n", " ").toCharArray()) {
      boolean mark = quotes.next(c);
      if (!mark && !quotes.inside() && Character.isWhitespace(c) && !quotes.wasEscaped()) {
        if (begun) {
          words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
      } else {
        begun = true;
        if (!mark) {
          word.append(c);
        }
      }
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }

  /** The variables that are set before the program, in their order. */
  Map<String, String> assignments() {
    Map<String, String> assignments = new LinkedHashMap<>();
    for (String word : words()) {
      Matcher assignment = ASSIGNMENT.matcher(word);
      if (!assignment.matches()) {
        break;
      }
      assignments.put(assignment.group(1), assignment.group(2));
    }
    return assignments;
  }

  /** The program and what it is given. */
  List<String> program() {
    List<String> words = words();
    return words.subList(assignments().size(), words.size());
  }

  private static boolean goesOn(String text) {
    Quotes quotes = new Quotes();
    boolean escape = false;
    for (char c : withoutRemark(text).toCharArray()) {
      escape = quotes.next(c) && c == '\\';
    }
    return quotes.inside() || escape;
  }

  private static String withoutRemark(String text) {
    Quotes quotes = new Quotes();
    char before = '\n';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '#' && !quotes.inside() && Character.isWhitespace(before)) {
        return text.substring(0, i);
      }
      boolean unused = quotes.next(c);
      before = c;
    }
    return text;
  }

  /** Follows the quotes and backslashes of a shell. */
  private static final class Quotes {
    private char quote;
    private boolean escaped;
    private boolean wasEscaped;

    /** Whether this character is a mark of the shell's and no part of a word. */
    boolean next(char c) {
      wasEscaped = escaped;
      if (escaped) {
        escaped = false;
        return false;
      }
      if (c == '\\' && quote != '\'') {
        escaped = true;
        return true;
      }
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        return true;
      }
      if (quote == c) {
        quote = 0;
        return true;
      }
      return false;
    }

    boolean inside() {
      return quote != 0;
    }

    boolean wasEscaped() {
      return wasEscaped;
    }
  }
}
