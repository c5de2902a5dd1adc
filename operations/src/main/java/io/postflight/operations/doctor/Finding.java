package io.postflight.operations.doctor;

/**
 * What a check found.
 *
 * @param check name of the check, such as {@code tables}
 * @param subject what was looked at: a tier, a topic, the registry
 * @param level how bad it is
 * @param detail what is so, in one line
 * @param advice what to do about it; empty if nothing is to be done
 */
public record Finding(String check, String subject, Level level, String detail, String advice) {
  /** How bad something is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** It works, but costs something or may fail under circumstances that the detail names. */
    WARN,
    /** A promise of the deployment does not hold. */
    FAIL
  }

  /** As it should be. */
  public static Finding ok(String check, String subject, String detail) {
    return new Finding(check, subject, Level.OK, detail, "");
  }

  /** Something to think about. */
  public static Finding warn(String check, String subject, String detail, String advice) {
    return new Finding(check, subject, Level.WARN, detail, advice);
  }

  /** Something to fix. */
  public static Finding fail(String check, String subject, String detail, String advice) {
    return new Finding(check, subject, Level.FAIL, detail, advice);
  }
}
