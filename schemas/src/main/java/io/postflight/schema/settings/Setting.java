package io.postflight.schema.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of a record as a setting: the key is the component's name. The configuration
 * file, the reference page and every check are derived from it. On a component that is itself a
 * record it describes a section.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.PARAMETER})
public @interface Setting {
  /** Marks an element that is not set. */
  String UNSET = "\0";

  /** What the setting means; Markdown-free text. */
  String value();

  /** The default, as it would be written in a file; a list with commas. */
  String defaultValue() default UNSET;

  /** The least value: a number, a duration ({@code 5s}) or a size ({@code 8MiB}). */
  String min() default "";

  /** The greatest value. */
  String max() default "";

  /** What a text, or each element of a list, must match. */
  String pattern() default "";

  /** The allowed texts, case-insensitive. */
  String[] oneOf() default {};

  /** What is allowed, human-readable, if bounds and type do not say it. */
  String allowed() default "";

  /** The word that means "no value": null, an empty Optional or an empty list. */
  String none() default UNSET;

  /** Whether the value must not be shown. */
  boolean secret() default false;

  /** Whether the setting names servers, or configures the connection to them. */
  boolean server() default false;
}
