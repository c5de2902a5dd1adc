package io.postflight.api.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** Validates settings; messages contain the setting, its value and the allowed values. */
public final class Require {
  private Require() {}

  /** Requires a number within inclusive bounds. */
  public static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed: " + least + " to " + most);
    }
  }

  /** Requires a duration within inclusive bounds. */
  public static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed: " + least + " to " + most);
    }
  }

  /** Requires the public URL of a server; returns it without a trailing slash. */
  public static String publicUrl(String name, String value) {
    String form = "http(s)://host[:port][/path], without query and user";
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(name + " is '" + value + "'; allowed: " + form, malformed);
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web
        || uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      String shown = uri.getRawUserInfo() == null ? " is '" + value + "'" : " has a user";
      throw new IllegalArgumentException(name + shown + "; allowed: " + form);
    }
    return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
  }
}
