/**
 * Parsers of the providers' webhook formats, which produce drafts of canonical events. An adapter
 * knows the names and the structure of a format, but neither tenant, time of arrival nor limits.
 */
@NullMarked
package io.postflight.topology.adapter;

import org.jspecify.annotations.NullMarked;
