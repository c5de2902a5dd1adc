package io.postflight.operations.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Result of a check.
 *
 * @param check name of the check, such as {@code tables}
 * @param subject a tier, a topic, the registry
 * @param level its severity
 * @param detail the observation, in one line
 * @param advice recommended action; empty if none is needed
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Finding(String check, String subject, Level level, String detail, String advice) {
  /** Severity of a finding. */
  public enum Level {
    /** Correct. */
    OK,
    /** Works, with a disadvantage or a risk that the detail describes. */
    WARN,
    /** A guarantee of the deployment does not hold. */
    FAIL;

    /** The printed form. */
    @JsonValue
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Correct. */
  public static Finding ok(String check, String subject, String detail) {
    return new Finding(check, subject, Level.OK, detail, "");
  }

  /** Works, with a disadvantage or a risk. */
  public static Finding warn(String check, String subject, String detail, String advice) {
    return new Finding(check, subject, Level.WARN, detail, advice);
  }

  /** A guarantee does not hold. */
  public static Finding fail(String check, String subject, String detail, String advice) {
    return new Finding(check, subject, Level.FAIL, detail, advice);
  }
}
