package io.postflight.api.erasure;

import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.tenant.Tenant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds the person whose id is to be erased. */
@FunctionalInterface
public interface PersonLookup {
  /**
   * Finds the ids of a person; fails with 503 if they cannot be read.
   *
   * @param user one of them
   * @param at the time at which it is the person's, epoch milliseconds
   */
  CompletableFuture<Person> find(Tenant tenant, String user, long at);

  /**
   * A person.
   *
   * @param group the ids, that which was given first
   * @param usedAt when somebody was last seen using that id, epoch milliseconds; null: unknown, or
   *     it cannot pass to another person
   */
  record Person(AliasGroup group, @Nullable Long usedAt) {}
}
