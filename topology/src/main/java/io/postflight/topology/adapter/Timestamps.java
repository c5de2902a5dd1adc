package io.postflight.topology.adapter;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Parses the time formats of providers to epoch milliseconds. An invalid time is null, as if it
 * were absent, so that the status of the message is not lost.
 */
final class Timestamps {
  /** Smaller numbers are seconds (until the year 5138), others milliseconds (since 1973). */
  private static final long MIN_MILLIS = 100_000_000_000L;

  private static final int MAX_DIGITS = 18;
  private static final int MAX_DATE_CHARS = 40;

  private Timestamps() {}

  /**
   * Seconds or milliseconds since 1970, distinguished by their size; optionally with a fraction.
   */
  static @Nullable Long ofEpoch(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    int point = text.indexOf('.');
    int end = point < 0 ? text.length() : point;
    int start = text.charAt(0) == '-' ? 1 : 0;
    long whole = digits(text, start, end);
    if (whole < 0) {
      return null;
    }
    long millis = whole;
    if (whole < MIN_MILLIS) {
      long fraction = point < 0 ? 0 : thousandths(text, point + 1);
      if (fraction < 0) {
        return null;
      }
      millis = whole * 1000 + fraction;
    }
    return start == 0 ? millis : -millis;
  }

  /** A date and time of ISO 8601, also with a blank instead of the T; UTC if there is no zone. */
  static @Nullable Long ofDate(@Nullable String text) {
    if (text == null || text.length() < 10 || text.length() > MAX_DATE_CHARS) {
      return null;
    }
    String date = text.charAt(10 % text.length()) == ' ' ? text.replaceFirst(" ", "T") : text;
    try {
      return OffsetDateTime.parse(date).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return ofLocalDate(date);
    }
  }

  /** An epoch time or a date. */
  static @Nullable Long of(@Nullable String text) {
    Long epoch = ofEpoch(text);
    return epoch != null ? epoch : ofDate(text);
  }

  private static @Nullable Long ofLocalDate(String date) {
    try {
      return LocalDateTime.parse(date).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** The number between two positions; -1 if it is invalid or too long. */
  private static long digits(String text, int start, int end) {
    if (start == end || end - start > MAX_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static long thousandths(String text, int start) {
    int end = Math.min(text.length(), start + 3);
    long value = start == end ? 0 : digits(text, start, end);
    for (int i = end - start; i < 3 && value > 0; i++) {
      value *= 10;
    }
    return value;
  }
}
