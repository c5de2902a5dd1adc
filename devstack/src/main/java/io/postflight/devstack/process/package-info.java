/** JVMs beside this one, for servers and load whose cost must not count as that of this process. */
@NullMarked
package io.postflight.devstack.process;

import org.jspecify.annotations.NullMarked;
