package io.postflight.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What is allowed for an option that is a number; {@link Execution} refuses other values. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface Within {
  /** The least value. */
  long least() default 0;

  /** The greatest value. */
  long most();
}
