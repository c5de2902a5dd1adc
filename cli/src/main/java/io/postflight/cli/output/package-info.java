/** What the command shows: results, progress, errors, and how it ends. */
@NullMarked
package io.postflight.cli.output;

import org.jspecify.annotations.NullMarked;
