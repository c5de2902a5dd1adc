package io.postflight.api.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/** Checks of settings; the message names the setting, its value and what is allowed. */
public final class Require {
  private Require() {}

  /** Requires a number to be within bounds, both allowed. */
  public static void between(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed is " + least + " to " + most);
    }
  }

  /** Requires a time to be within bounds, both allowed. */
  public static void between(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; allowed is " + least + " to " + most);
    }
  }

  /** Requires the public URL of a server; gives it without a slash at its end. */
  public static String publicUrl(String name, String value) {
    String form = "http(s)://host[:port][/path], without query and user";
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException malformed) {
      throw new IllegalArgumentException(
          name + " is '" + value + "'; allowed is " + form, malformed);
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web
        || uri.getHost() == null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || uri.getRawUserInfo() != null) {
      throw new IllegalArgumentException(name + " is '" + value + "'; allowed is " + form);
    }
    return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
  }
}
