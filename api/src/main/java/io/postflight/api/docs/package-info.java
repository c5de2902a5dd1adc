/** The description of the HTTP interface: as OpenAPI, and as a page. */
@NullMarked
package io.postflight.api.docs;

import org.jspecify.annotations.NullMarked;
