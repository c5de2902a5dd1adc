package io.postflight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Texts for users and operators use the words of the field: log messages, exception texts, problem
 * details, printed texts, findings of doctor, help texts, the launcher, comments of configuration
 * files, and the pages. A word on the list is reported with its file, line and replacement.
 */
class WordListTest {
  private static final Path ROOT =
      Path.of(System.getProperty("postflight.root", "..")).toAbsolutePath().normalize();

  /** Pattern of a word, and what to write instead. */
  private static final String WORDS =
      """
      (is|are|was|were|be|been|goes|went|while|stays?) away  => is unavailable
      answers? again                                      => is available again
      (goes|went|go|going) on\\b(?! the)                   => continues, resumes
      (given|gives|giving|gave) up                        => failed, timed out
      told|tells?                                         => reported, reports, returned, identifies
      says|hears?|heard                                   => reports, returns, received
      for ever                                            => indefinitely
      anew                                                => again
      mend|mends|mended                                   => fix
      bears?|bearing|borne                                => tolerate
      befalls?|befell                                     => happen
      for people                                          => human-readable
      (balances?|balanced|balancing) the books            => reconcile
      the books                                           => reconciliation
      (rows?|cells?|tables?) (die|dies|died)              => expire
      hearings?                                           => confirmations
      (?<!dead[\\s.-])letters?                              => dead letter
      deadLetters?                                        => dead letter
      buried|buries|bury                                  => dead-lettered
      judges?|judged|verdicts?                            => policy, decision, result
      suspects?                                           => pending recheck
      looks? (again|whether)|looked (at )?again           => check again
      lives                                               => lifecycles; is stored
      life                                                => lifecycle
      patience                                            => timeout
      incarnations?                                       => task generation
      roomy|resting|half empty                            => has capacity, backing off
      tellings?|outlets?|stillborn|obeys?|obeyed          => first seen, outputs, suppressed, applies
      tethered|leftovers?|surroundings                    => parent watchdog, orphan process, environment
      rooms?                                              => modules; capacity
      the way of an event                                 => data flow
      (fell|falls?|fallen) silent                         => stopped responding
      (stands?|stood) still                               => is stopped
      wrong on purpose                                    => deliberately invalid
      made-up                                             => generated
      whoever|whosever|whomever                           => every caller that
      """;

  /** Legitimate uses. */
  private static final Pattern ALLOWED =
      Pattern.compile(
          "(lower-case |upper-case )letters?|letters?, digits|letters and digits|shelf life");

  private static final Pattern MESSAGES =
      Pattern.compile(
          "\\b[A-Z][A-Z_]*\\.(?:trace|debug|info|warn|error)\\(|\\bnew \\w*(?:Exception|Problem)\\("
              + "|\\b(?:Problem|\\w*Exception)\\s*\\.\\w+\\(|\\bthrow \\w+\\(");

  private static final Pattern LITERAL = Pattern.compile("\"((?:\\\\.|[^\"\\\\\\n])*)\"");

  /** A string literal, or several that are concatenated. */
  private static final Pattern LITERALS =
      Pattern.compile(LITERAL + "(?:\\s*\\+\\s*" + LITERAL + ")*");

  /** Modules that print to users, by anything that takes a text. */
  private static final Pattern PRINTING =
      Pattern.compile(".*/(?:cli|demo|operations|runtime)/src/main/.*");

  private static final Pattern SHOWN_BY_SCRIPT = Pattern.compile("^\\s*#|\\becho\\b|\\bfail\\b");

  private static final Pattern CODE = Pattern.compile("`[^`]*`|\\]\\([^)]*\\)|https?://\\S+");

  private record Word(Pattern pattern, String instead) {
    static Word of(String line) {
      String[] columns = line.split("\\s+=>\\s+");
      return new Word(
          Pattern.compile(
              "\\b(?:" + columns[0].replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE),
          columns[1]);
    }

    Stream<String> findIn(Text text) {
      String checked = ALLOWED.matcher(text.text()).replaceAll("...");
      return pattern
          .matcher(checked)
          .results()
          .map(
              found ->
                  text.file()
                      + ":"
                      + (text.line() + checked.substring(0, found.start()).lines().count())
                      + ": '"
                      + found.group()
                      + "': write "
                      + instead);
    }
  }

  /**
   * A text to check.
   *
   * @param line number of the line before it
   */
  private record Text(String file, int line, String text) {}

  @Test
  void log_messages_and_exception_texts_use_the_words_of_the_field() {
    assertPlain(
        files("", ".java").filter(file -> file.toString().contains("/src/main/")), this::messages);
  }

  @Test
  void printed_texts_use_the_words_of_the_field() {
    assertPlain(
        files("", ".java").filter(file -> PRINTING.matcher(file.toString()).matches()),
        this::sentences);
  }

  @Test
  void the_launcher_uses_the_words_of_the_field() {
    assertPlain(
        Stream.of(ROOT.resolve("postflight")),
        file -> lines(file, line -> SHOWN_BY_SCRIPT.matcher(line).find() ? line : ""));
  }

  @Test
  void help_texts_use_the_words_of_the_field() {
    assertThat(Commands.all().stream().flatMap(this::help).flatMap(this::findings)).isEmpty();
  }

  @Test
  void comments_of_configuration_files_use_the_words_of_the_field() {
    assertPlain(
        files("config", ".conf"), file -> lines(file, line -> line.replaceFirst("^[^#]*#?", "")));
  }

  @Test
  void pages_use_the_words_of_the_field() {
    Stream<Path> others =
        Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docker/README.md")
            .map(ROOT::resolve);

    assertPlain(Stream.concat(others, files("docs", ".md")), this::prose);
  }

  @Test
  void a_word_of_the_list_is_found_with_its_place() {
    Text text = new Text("Some.java", 6, "the server is\naway, two dead\nletters");

    assertThat(findings(text)).containsExactly("Some.java:7: 'is\naway': write is unavailable");
  }

  private interface Reader {
    List<Text> texts(Path file);
  }

  private void assertPlain(Stream<Path> files, Reader reader) {
    List<Text> texts = files.flatMap(file -> reader.texts(file).stream()).toList();

    assertThat(texts).isNotEmpty();
    assertThat(texts.stream().flatMap(this::findings)).isEmpty();
  }

  private Stream<String> findings(Text text) {
    return WORDS.lines().map(Word::of).flatMap(word -> word.findIn(text));
  }

  /** String literals in calls of loggers, and in constructors and factories of exceptions. */
  private List<Text> messages(Path file) {
    String source = read(file);
    List<Text> texts = new ArrayList<>();
    Matcher call = MESSAGES.matcher(source);
    while (call.find()) {
      String arguments = source.substring(call.end(), end(source, call.end()));
      int line = (int) source.substring(0, call.start()).lines().count() - 1;
      Matcher literal = LITERAL.matcher(arguments);
      StringBuilder text = new StringBuilder();
      while (literal.find()) {
        text.append(literal.group(1));
      }
      texts.add(new Text(name(file), line, text.toString()));
    }
    return texts;
  }

  /** String literals with several words, those that are concatenated as one text. */
  private List<Text> sentences(Path file) {
    String source = read(file);
    return LITERALS
        .matcher(source)
        .results()
        .filter(literals -> literals.group().contains(" "))
        .map(
            literals ->
                new Text(
                    name(file),
                    (int) source.substring(0, literals.start()).lines().count() - 1,
                    literals.group().replaceAll("\"\\s*\\+\\s*\"", "")))
        .toList();
  }

  /** Position of the parenthesis that closes the call whose arguments start here. */
  private static int end(String source, int start) {
    int depth = 1;
    int at = start;
    while (depth > 0 && at < source.length()) {
      char c = source.charAt(at);
      if (c == '"' || c == '\'') {
        at++;
        while (source.charAt(at) != c) {
          at += source.charAt(at) == '\\' ? 2 : 1;
        }
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at++;
    }
    return at;
  }

  private Stream<Text> help(CommandSpec command) {
    List<String> texts = new ArrayList<>();
    texts.addAll(List.of(command.usageMessage().header()));
    texts.addAll(List.of(command.usageMessage().description()));
    texts.addAll(List.of(command.usageMessage().footer()));
    command.args().forEach(argument -> texts.addAll(List.of(argument.description())));
    return texts.stream().map(text -> new Text(command.qualifiedName() + " --help", 0, text));
  }

  /** A page without code and links. */
  private List<Text> prose(Path page) {
    boolean[] fenced = {false};
    return lines(
        page,
        line -> {
          boolean fence = line.strip().startsWith("```");
          fenced[0] ^= fence;
          return fence || fenced[0] ? "" : CODE.matcher(line).replaceAll("...");
        });
  }

  private interface Line {
    String text(String line);
  }

  private static List<Text> lines(Path file, Line reader) {
    String text = read(file).lines().map(reader::text).collect(Collectors.joining("\n"));
    return List.of(new Text(name(file), 0, text));
  }

  private static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static Stream<Path> files(String under, String suffix) {
    try (Stream<Path> all = Files.walk(ROOT.resolve(under))) {
      return all
          .filter(file -> file.toString().endsWith(suffix))
          .filter(file -> !file.toString().contains("/target/"))
          .sorted()
          .toList()
          .stream();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
