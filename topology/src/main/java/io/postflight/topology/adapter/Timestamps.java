package io.postflight.topology.adapter;

import io.postflight.schema.topic.RejectionReason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the time formats of providers to epoch milliseconds.
 *
 * <p>An entry whose time is present and cannot be read is rejected: the arrival is not its time,
 * and a dead letter can be sent again once the adapter knows the format.
 */
final class Timestamps {
  /** Smaller numbers, of at most 10 digits, are seconds (until the year 2286). */
  private static final long END_OF_SECONDS = 10_000_000_000L;

  /** Numbers of 13 digits are milliseconds (2001 to 2286); others are no time. */
  private static final long MIN_MILLIS = 1_000_000_000_000L;

  private static final long END_OF_MILLIS = 10_000_000_000_000L;

  private static final int MAX_DIGITS = 18;
  private static final int MAX_CHARS = 40;

  private static final Pattern DECIMAL = Pattern.compile("-?\\d+(\\.\\d*)?([eE][+-]?\\d{1,3})?");

  private static final Pattern ZONE_WITHOUT_COLON = Pattern.compile("T.*[+-]\\d{4}$");

  private Timestamps() {}

  /**
   * The time of an entry; null if absent, and if it cannot be read, which rejects the entry. A text
   * of letters alone states no time, and is as one that is absent; a boolean is a value that is
   * none.
   */
  static @Nullable Long of(EventDraft draft, String name, @Nullable String text) {
    boolean words = text == null || text.chars().allMatch(c -> Character.isLetter(c) || c == ' ');
    return words && !"true".equals(text) && !"false".equals(text)
        ? null
        : required(draft, name, text);
  }

  /** As above, but a text of letters rejects the entry too. */
  static @Nullable Long required(EventDraft draft, String name, @Nullable String text) {
    Long time = of(text);
    if (time == null && text != null && !text.isEmpty()) {
      reject(draft, name);
    }
    return time;
  }

  /**
   * The time in the first of these fields that is present, else as above. Some libraries write a
   * number of 64 bits as an object of {@code low} and {@code high}, both signed.
   */
  static @Nullable Long of(EventDraft draft, FlatObject fields, String... paths) {
    for (String path : paths) {
      String text = fields.get(path);
      if (text == null) {
        text = ofHalves(fields.get(path + ".low"), fields.get(path + ".high"));
      }
      if (text != null) {
        return of(draft, path, text);
      }
      if (fields.isStructure(path)) {
        reject(draft, path);
      }
    }
    return null;
  }

  /** The number whose halves of 32 bits these are; null if they are not. */
  private static @Nullable String ofHalves(@Nullable String low, @Nullable String high) {
    if (low == null || high == null) {
      return low != null && low.startsWith("-") ? null : low;
    }
    try {
      long upper = (long) Integer.parseInt(high) << Integer.SIZE;
      return Long.toString(upper + (Integer.parseInt(low) & 0xffffffffL));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static void reject(EventDraft draft, String name) {
    draft.reject(
        RejectionReason.MALFORMED_BODY,
        name + " is not a time; allowed: RFC 3339, epoch seconds or milliseconds");
  }

  /** An epoch time or a date; null if it is neither. */
  static @Nullable Long of(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    long whole = digits(text, 0, text.length());
    if (whole >= 0) {
      return isCompactDate(text) ? null : ofEpoch(whole);
    }
    if (text.length() > MAX_CHARS) {
      return null;
    }
    Long utc = ofUtc(text);
    if (utc != null) {
      return utc;
    }
    if (text.startsWith(":60", 16)) {
      return ofLeapSecond(text);
    }
    return DECIMAL.matcher(text).matches() ? ofDecimal(new BigDecimal(text)) : ofDate(text);
  }

  /**
   * Whether digits are a date such as 20261128 or, with the hour, 2026112817. As an epoch time they
   * would be of 1970, or of 2033 and later. Dates of 12 and 14 digits are no epoch time anyway.
   */
  private static boolean isCompactDate(String digits) {
    boolean hour = digits.length() == 10;
    if (digits.length() != 8 && !hour) {
      return false;
    }
    long year = digits(digits, 0, 4);
    long month = digits(digits, 4, 6);
    long day = digits(digits, 6, 8);
    return year >= (hour ? 2000 : 1900)
        && year < 2100
        && month >= 1
        && month <= 12
        && day >= 1
        && day <= 31
        && (!hour || digits(digits, 8, 10) <= 23);
  }

  /**
   * Seconds or milliseconds since 1970, distinguished by their size, with a sign, a fraction or an
   * exponent. Another size is another unit, or a date.
   */
  private static @Nullable Long ofDecimal(BigDecimal number) {
    BigDecimal size = number.abs();
    if (size.compareTo(BigDecimal.valueOf(END_OF_MILLIS)) >= 0) {
      return null;
    }
    long whole = size.longValue();
    if (ofEpoch(whole) == null) {
      return null;
    }
    BigDecimal millis = whole < END_OF_SECONDS ? number.movePointRight(3) : number;
    return millis.setScale(0, RoundingMode.DOWN).longValueExact();
  }

  private static @Nullable Long ofEpoch(long number) {
    if (number < END_OF_SECONDS) {
      return number * 1000;
    }
    return number >= MIN_MILLIS && number < END_OF_MILLIS ? number : null;
  }

  /**
   * A time such as 2026-01-31T12:00:00.123Z, the form of most providers, without the cost of the
   * JDK's parser; null if the text has another form.
   */
  private static @Nullable Long ofUtc(String text) {
    int end = text.length() - 1;
    if (end < 19 || text.charAt(end) != 'Z' || text.charAt(10) != 'T') {
      return null;
    }
    boolean fraction = end > 20 && end <= 29 && text.charAt(19) == '.';
    boolean separated =
        text.charAt(4) == '-'
            && text.charAt(7) == '-'
            && text.charAt(13) == ':'
            && text.charAt(16) == ':'
            && (end == 19 || (fraction && digits(text, 20, end) >= 0));
    long year = digits(text, 0, 4);
    long month = digits(text, 5, 7);
    long day = digits(text, 8, 10);
    long hour = digits(text, 11, 13);
    long minute = digits(text, 14, 16);
    long second = digits(text, 17, 19);
    // February 29th is left to the JDK.
    boolean date =
        year >= 0
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= Month.of((int) month).minLength();
    if (!separated || !date || outside(hour, 23) || outside(minute, 59) || outside(second, 59)) {
      return null;
    }
    long days = LocalDate.of((int) year, (int) month, (int) day).toEpochDay();
    long millis = 0;
    for (int i = 20; i < 23; i++) {
      millis = millis * 10 + (i < end ? text.charAt(i) - '0' : 0);
    }
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis;
  }

  /**
   * A leap second, which ends the last day of a month in UTC. Epoch time has none: it is the second
   * before, as with {@link java.time.format.DateTimeFormatter#ISO_INSTANT}.
   */
  private static @Nullable Long ofLeapSecond(String text) {
    Long before = ofDate(text.substring(0, 17) + "59" + text.substring(19));
    if (before == null) {
      return null;
    }
    LocalDateTime second =
        LocalDateTime.ofEpochSecond(Math.floorDiv(before, 1000L), 0, ZoneOffset.UTC);
    boolean last =
        second.toLocalTime().equals(LocalTime.of(23, 59, 59))
            && second.toLocalDate().plusDays(1).getDayOfMonth() == 1;
    return last ? before : null;
  }

  private static boolean outside(long value, long most) {
    return value < 0 || value > most;
  }

  /** A date and time of ISO 8601, also with a blank instead of the T; UTC if there is no zone. */
  private static @Nullable Long ofDate(String text) {
    if (text.length() < 10) {
      return null;
    }
    String date = text.length() > 10 && text.charAt(10) == ' ' ? text.replaceFirst(" ", "T") : text;
    if (ZONE_WITHOUT_COLON.matcher(date).find()) {
      int minutes = date.length() - 2;
      date = date.substring(0, minutes) + ':' + date.substring(minutes);
    }
    try {
      return OffsetDateTime.parse(date).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return ofLocalDate(date);
    }
  }

  private static @Nullable Long ofLocalDate(String date) {
    try {
      return LocalDateTime.parse(date).toInstant(ZoneOffset.UTC).toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  /** The number between two positions, all of them digits; -1 if it is invalid or too long. */
  private static long digits(String text, int start, int end) {
    if (end - start > MAX_DIGITS) {
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
}
