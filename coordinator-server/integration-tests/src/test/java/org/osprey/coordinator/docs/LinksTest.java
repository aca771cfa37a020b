package org.osprey.coordinator.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.osprey.coordinator.docs.Document.Piece;

/** Each link of each document leads to a file or a heading that is there. */
class LinksTest {
  private static final int AT_LEAST = 150;

  @Test
  void noneIsDead() {
    List<String> dead = new ArrayList<>();
    List<Document> documents = Document.all();
    int links = 0;
    for (Document document : documents) {
      for (Piece link : document.links()) {
        links++;
        String problem = problem(link);
        if (problem != null) {
          dead.add(link + ": " + problem);
        }
      }
    }
    assertEquals(List.of(), dead);
    assertTrue(links > AT_LEAST, "links found: " + links);
    System.out.println("documents=%d links=%d dead=0".formatted(documents.size(), links));
  }

  /** Every page of docs is reached from its index, and the index from the README. */
  @Test
  void everyPageIsInTheIndex() {
    Document index = Document.read(Document.ROOT.resolve("docs/README.md"));
    List<Path> linked = index.links().stream().map(LinksTest::target).toList();
    List<Path> missing = new ArrayList<>();
    for (Path page : Document.files(Document.ROOT.resolve("docs"), ".md")) {
      boolean itself = page.equals(index.file());
      boolean asFolder = page.endsWith("README.md") && linked.contains(page.getParent());
      if (!itself && !asFolder && !linked.contains(page)) {
        missing.add(page);
      }
    }
    assertEquals(List.of(), missing);
    Document readme = Document.read(Document.ROOT.resolve("README.md"));
    assertTrue(readme.links().stream().map(LinksTest::target).anyMatch(index.file()::equals));
  }

  @Test
  void deadOnesAreFound() {
    Document document =
        Document.parse(
            Document.ROOT.resolve("some.md"),
            """
            # A `b` heading, twice
            ## A `b` heading, twice
            [good](#a-b-heading-twice), [good](#a-b-heading-twice-1), [good](pom.xml),
            [over
            lines](none.md), `[no](link.md)`, [file](README.md#none), [here](#none),
            [bad](https://), [good](https://host/path), <img src="none.png">
            ```
            [no](link.md)
            ```
            """);
    assertEquals(Set.of("a-b-heading-twice", "a-b-heading-twice-1"), document.anchors());
    List<String> dead =
        document.links().stream()
            .filter(link -> problem(link) != null)
            .map(link -> link.line() + " " + link.text())
            .toList();
    assertEquals(
        List.of("5 none.md", "5 README.md#none", "5 #none", "6 https://", "6 none.png"), dead);
  }

  private static @Nullable String problem(Piece link) {
    if (link.text().matches("[a-z]+:.*")) {
      return wellFormed(link.text()) ? null : "is no address";
    }
    int sign = link.text().indexOf('#');
    String anchor = sign < 0 ? "" : link.text().substring(sign + 1);
    if (sign == 0) {
      return link.document().anchors().contains(anchor) ? null : "there is no such heading";
    }
    Path file = target(link);
    if (!file.startsWith(Document.ROOT)) {
      return "leads out of the repository";
    }
    if (!Files.exists(file)) {
      return "there is no such file";
    }
    boolean found = sign < 0 || Document.read(file).anchors().contains(anchor);
    return found ? null : "there is no such heading";
  }

  private static Path target(Piece link) {
    Path here = link.document().file();
    String path = link.text().replaceFirst("#.*", "");
    return path.isEmpty() ? here : here.resolveSibling(path).normalize();
  }

  private static boolean wellFormed(String address) {
    try {
      URI uri = new URI(address);
      return uri.getHost() != null || "mailto".equals(uri.getScheme());
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
