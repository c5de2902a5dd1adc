package io.postflight.settings;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a setting may be: turns a raw value (a scalar or list from a file, or text from the
 * environment or the command line) into a typed one.
 *
 * @param allowed what is allowed, human-readable; part of every message about a bad value
 * @param secret whether the value must not be shown in messages
 * @param parser throws {@link IllegalArgumentException} for what is not allowed
 */
record Kind<T>(String allowed, boolean secret, Function<Object, T> parser) {
  private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})\\s*([A-Za-z]+)");

  /** Any text that matches a pattern. */
  static Kind<String> text(String allowed, String regex) {
    Pattern pattern = Pattern.compile(regex);
    return scalar(
        allowed,
        text -> {
          require(pattern.matcher(text).matches());
          return text;
        });
  }

  /** Text that is never shown. */
  static Kind<String> secret(String allowed) {
    return new Kind<>(allowed, true, Object::toString);
  }

  /** One of a few words; case does not matter. */
  static Kind<String> oneOf(String... words) {
    return scalar(
        "one of " + String.join(", ", words),
        text -> {
          for (String word : words) {
            if (word.equalsIgnoreCase(text)) {
              return word;
            }
          }
          throw new IllegalArgumentException("");
        });
  }

  /** A whole number within bounds, both included. */
  static Kind<Integer> integer(int least, int most) {
    return scalar(
        "a whole number from " + least + " to " + most,
        text -> {
          int number = Integer.parseInt(text);
          require(number >= least && number <= most);
          return number;
        });
  }

  /** True or false. */
  static Kind<Boolean> bool() {
    return scalar(
        "true or false",
        text -> {
          require(text.equals("true") || text.equals("false"));
          return Boolean.valueOf(text);
        });
  }

  /** A time span with its unit, within bounds, both included. */
  static Kind<Duration> duration(String least, String most) {
    Duration min = durationOf(least);
    Duration max = durationOf(most);
    return scalar(
        "a time span from " + least + " to " + most + ", with its unit: ms, s, m, h, d",
        text -> {
          Duration duration = durationOf(text);
          require(duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0);
          return duration;
        });
  }

  /** A time span, or the word {@code forever}, which is an empty result. */
  static Kind<Optional<Duration>> durationOrForever(String least, String most) {
    Kind<Duration> bounded = duration(least, most);
    return scalar(
        bounded.allowed() + "; or forever",
        text ->
            text.equals("forever") ? Optional.empty() : Optional.of(bounded.parser().apply(text)));
  }

  /** A number of bytes with its unit, within bounds, both included. */
  static Kind<Long> bytes(String least, String most) {
    long min = bytesOf(least);
    long max = bytesOf(most);
    return scalar(
        "a size from " + least + " to " + most + ", with its unit: B, KiB, MiB, GiB",
        text -> {
          long size = bytesOf(text);
          require(size >= min && size <= max);
          return size;
        });
  }

  /** An absolute http or https address. */
  static Kind<URI> url() {
    return scalar(
        "an address such as https://postflight.example.com",
        text -> {
          URI uri = URI.create(text);
          require(uri.getHost() != null && String.valueOf(uri.getScheme()).matches("https?"));
          return uri;
        });
  }

  /** Empty, or what another kind allows. */
  static <T> Kind<Optional<T>> optional(Kind<T> kind) {
    return new Kind<>(
        kind.allowed() + "; or empty",
        kind.secret(),
        raw -> raw.toString().isBlank() ? Optional.empty() : Optional.of(kind.parser().apply(raw)));
  }

  /** A list, or text with commas between; every element is of a kind; never empty. */
  static <T> Kind<List<T>> list(Kind<T> element) {
    return new Kind<>(
        "a list, each " + element.allowed(),
        element.secret(),
        raw -> {
          List<T> values = new ArrayList<>();
          for (Object value : raw instanceof List<?> list ? list : split(raw.toString())) {
            values.add(element.parser().apply(value));
          }
          require(!values.isEmpty());
          return List.copyOf(values);
        });
  }

  /** {@code host:port}, as Kafka and CQL servers are named. */
  static Kind<String> hostAndPort() {
    return text("host:port", "(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}");
  }

  private static <T> Kind<T> scalar(String allowed, Function<String, T> parser) {
    return new Kind<>(
        allowed,
        false,
        raw -> {
          require(!(raw instanceof List<?>));
          return parser.apply(raw.toString().trim());
        });
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.trim());
      }
    }
    return parts;
  }

  private static Duration durationOf(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    require(matcher.matches());
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new IllegalArgumentException("unknown unit");
    };
  }

  private static long bytesOf(String text) {
    Matcher matcher = QUANTITY.matcher(text);
    require(matcher.matches());
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
      case "b" -> amount;
      case "kib" -> Math.multiplyExact(amount, 1024L);
      case "mib" -> Math.multiplyExact(amount, 1024L * 1024);
      case "gib" -> Math.multiplyExact(amount, 1024L * 1024 * 1024);
      default -> throw new IllegalArgumentException("unknown unit");
    };
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("");
    }
  }
}
