package io.postflight.api.http;

import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Query parameters, read strictly: an unknown one, a repeated one or an absurd value is a problem
 * that names it, since a filter that is silently ignored gives wrong answers.
 */
public final class Params {
  private static final int LONGEST_TEXT = 1024;

  private final QueryParams given;

  /**
   * Takes the parameters of a request.
   *
   * @throws ProblemException if there is one that is not allowed, one twice, or one that is not
   *     percent-encoded UTF-8
   */
  public Params(ServiceRequestContext ctx, List<String> allowed) {
    this.given = LiteralTarget.query(ctx);
    for (String name : given.names()) {
      if (!allowed.contains(name)) {
        throw Problem.badRequest(
                "parameter '"
                    + shown(name)
                    + "' is not known; allowed "
                    + (allowed.isEmpty() ? "is none" : "are " + String.join(", ", allowed)))
            .asException();
      }
      if (given.getAll(name).size() > 1) {
        throw Problem.badRequest("parameter '" + name + "' is given more than once").asException();
      }
    }
  }

  /** A text as it was given; null if absent. */
  public @Nullable String any(String name) {
    return given.get(name);
  }

  /** A text of 1 to 1024 characters; null if absent. */
  public @Nullable String text(String name) {
    String value = given.get(name);
    if (value != null && (value.isEmpty() || value.length() > LONGEST_TEXT)) {
      throw bad(name, value, "a text of 1 to " + LONGEST_TEXT + " characters");
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

  /** A duration up to a greatest; null if absent. */
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

  /** A whole number within bounds. */
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

  /** One of an enum's names, in any case; null if absent. */
  public <E extends Enum<E>> @Nullable E oneOf(String name, Class<E> type) {
    String value = given.get(name);
    if (value == null) {
      return null;
    }
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(value.toUpperCase(Locale.ROOT))) {
        return each;
      }
    }
    throw bad(
        name,
        value,
        Stream.of(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", ")));
  }

  /** A 400 that names the parameter, its value and what is allowed. */
  public static ProblemException bad(String name, String value, String allowed) {
    return Problem.badRequest(
            "parameter '" + name + "' is '" + shown(value) + "'; allowed is " + allowed)
        .asException();
  }

  private static String shown(String value) {
    return value.length() <= 80 ? value : value.substring(0, 80) + "...";
  }
}
