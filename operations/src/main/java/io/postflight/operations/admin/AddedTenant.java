package io.postflight.operations.admin;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A tenant that was added.
 *
 * @param apiKey its API key, which is shown only now
 * @param tenant the tenant
 */
public record AddedTenant(String apiKey, @JsonUnwrapped TenantView tenant) {}
