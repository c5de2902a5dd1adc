package io.postflight.schema.settings;

import org.jspecify.annotations.Nullable;

/** A value is not allowed, or values do not go together. The message names the settings. */
public final class SettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final @Nullable String value;
  private final String reason;

  private SettingException(String key, @Nullable String value, String reason, String message) {
    super(message);
    this.key = key;
    this.value = value;
    this.reason = reason;
  }

  /** The value of a key is not allowed. */
  static SettingException value(String key, String value, String reason) {
    return new SettingException(
        key, value, reason, "%s = '%s' is not allowed: %s".formatted(key, value, reason));
  }

  /** A record is invalid. */
  static SettingException record(String key, String reason) {
    return new SettingException(key, null, reason, reason);
  }

  /** The key of the setting, or of the section; an element of a list by its index. */
  public String key() {
    return key;
  }

  /** The value, {@code ***} if it is a secret; null: values of the section do not go together. */
  public @Nullable String value() {
    return value;
  }

  /** What is allowed. */
  public String reason() {
    return reason;
  }
}
