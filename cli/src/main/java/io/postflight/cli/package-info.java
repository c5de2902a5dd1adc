/** The {@code postflight} command: one class per subcommand. */
@NullMarked
package io.postflight.cli;

import org.jspecify.annotations.NullMarked;
