package io.postflight.api.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.postflight.schema.text.AsciiCase;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters, parsed strictly: unknown, repeated or invalid ones are rejected, since a
 * silently ignored filter gives wrong results.
 */
public final class Params {
  private static final int MAX_TEXT_LENGTH = 1024;

  private final QueryParams given;

  /**
   * Parses the parameters of a request.
   *
   * @throws Problem if one is unknown, repeated, or not percent-encoded UTF-8
   */
  public Params(ServiceRequestContext ctx, List<String> allowed) {
    this.given = LiteralTarget.query(ctx);
    for (String name : given.names()) {
      if (!allowed.contains(name)) {
        throw Problem.badRequest(
            "parameter '"
                + shortened(name)
                + "' is unknown; allowed: "
                + (allowed.isEmpty() ? "none" : String.join(", ", allowed)));
      }
      requireOnce(given, name);
    }
  }

  /**
   * Refuses a parameter that is given more than once.
   *
   * @throws Problem naming it
   */
  public static void requireOnce(QueryParams given, String name) {
    if (given.getAll(name).size() > 1) {
      throw Problem.badRequest("parameter '" + name + "' is given more than once");
    }
  }

  /** The text as given; null if absent. */
  public @Nullable String any(String name) {
    return given.get(name);
  }

  /** A text of 1 to 1024 characters; null if absent. */
  public @Nullable String text(String name) {
    String value = given.get(name);
    if (value != null && (value.isEmpty() || value.length() > MAX_TEXT_LENGTH)) {
      throw bad(name, value, "a text of 1 to " + MAX_TEXT_LENGTH + " characters");
    }
    return value;
  }

  /** A time in epoch milliseconds; null if absent. */
  public @Nullable Long time(String name, long nowMillis) {
    String value = given.get(name);
    return value == null
        ? null
        : Times.millis(value, nowMillis).orElseThrow(() -> bad(name, value, Times.ALLOWED));
  }

  /**
   * Refuses a range of time that ends before it begins.
   *
   * @throws Problem naming the parameter of its end
   */
  public void requireRange(
      String sinceName, @Nullable Long since, String untilName, @Nullable Long until) {
    if (since != null && until != null && until < since) {
      throw bad(
          untilName,
          String.valueOf(given.get(untilName)),
          "a time that is not before '" + sinceName + "' (" + given.get(sinceName) + ")");
    }
  }

  /** A duration up to a maximum; null if absent. */
  public @Nullable Duration duration(String name, Duration most) {
    String value = given.get(name);
    return value == null
        ? null
        : Times.duration(value)
            .filter(duration -> duration.compareTo(most) <= 0)
            .orElseThrow(
                () ->
                    bad(
                        name,
                        value,
                        Times.DURATION_ALLOWED + ", at most " + most.toSeconds() + "s"));
  }

  /** An integer within bounds. */
  public int number(String name, int otherwise, int least, int most) {
    String value = given.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value.matches("\\d{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw bad(name, value, least + " to " + most);
  }

  /** An enum constant, case-insensitive; null if absent. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    return oneOf(name, type, any -> true);
  }

  /** The same, where a 400 names only some of the constants, as the others are of no use. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type, Predicate<E> useful) {
    String value = given.get(name);
    if (value == null) {
      return null;
    }
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(AsciiCase.upper(value))) {
        return each;
      }
    }
    throw bad(
        name,
        value,
        Stream.of(type.getEnumConstants())
            .filter(useful)
            .map(Enum::name)
            .collect(Collectors.joining(", ")));
  }

  /** A 400 with the parameter, its value and the allowed values. */
  public static Problem bad(String name, String value, String allowed) {
    return Problem.badRequest(
        "parameter '" + name + "' is '" + shortened(value) + "'; allowed: " + allowed);
  }

  private static String shortened(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "...";
  }
}
