package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every relative link of the documentation leads to a file, and to a heading of it. */
class DocumentationLinksTest {
  private static final Path ROOT = Path.of(System.getProperty("postflight.root", ".."));

  /** {@code [text](target#anchor)} and {@code src="target"}. */
  private static final Pattern LINK =
      Pattern.compile("(?:]\\(|src=\")([^)\"#\\s]*)(?:#([^)\"\\s]+))?[)\"]");

  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");

  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");

  @Test
  void every_relative_link_resolves() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      LINK.matcher(text(page))
          .results()
          .filter(link -> !link.group(1).contains("://"))
          .filter(link -> !resolves(page, link.group(1), link.group(2)))
          .forEach(link -> broken.add(ROOT.relativize(page) + ": " + link.group()));
    }

    assertThat(broken).isEmpty();
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages =
        new ArrayList<>(
            List.of(
                ROOT.resolve("README.md"),
                ROOT.resolve("CONTRIBUTING.md"),
                ROOT.resolve("docker/README.md")));
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  private static boolean resolves(Path page, String target, @Nullable String anchor) {
    Path file = target.isEmpty() ? page : page.resolveSibling(target);
    if (anchor == null || !Files.isRegularFile(file)) {
      return Files.exists(file);
    }
    return HEADING
        .matcher(text(file))
        .results()
        .anyMatch(heading -> anchorOf(heading.group(1)).equals(anchor));
  }

  /** As GitHub derives it: lower case, punctuation dropped, blanks become hyphens. */
  private static String anchorOf(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }

  private static String text(Path page) {
    try {
      return CODE_BLOCK.matcher(Files.readString(page)).replaceAll("");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
