/**
 * What the providers send, one small class per provider, read into drafts of canonical events. An
 * adapter knows words and shapes; it knows neither tenant nor time of arrival nor limits.
 */
@NullMarked
package io.postflight.topology.adapter;

import org.jspecify.annotations.NullMarked;
