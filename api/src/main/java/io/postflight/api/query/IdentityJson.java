package io.postflight.api.query;

import com.fasterxml.jackson.core.JsonGenerator;
import io.postflight.schema.erasure.Period;
import io.postflight.schema.identity.AliasGroup;
import io.postflight.schema.identity.AliasGroup.Member;
import io.postflight.schema.identity.AliasKind;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The ids of a person: one item per id and period in which it is the person's. */
final class IdentityJson {
  private IdentityJson() {}

  static void write(JsonGenerator json, AliasGroup group) throws IOException {
    json.writeStartObject();
    json.writeStringField("user", group.members().get(0).alias());
    json.writeArrayFieldStart("aliases");
    for (Member member : group.members()) {
      for (Period period : member.periods()) {
        write(json, member.alias(), period);
      }
    }
    json.writeEndArray();
    json.writeBooleanField("truncated", group.truncated());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, String alias, Period period) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", alias);
    json.writeStringField("kind", AliasKind.of(alias).name());
    json.writeStringField("from", time(period.getFrom(), Long.MIN_VALUE));
    json.writeStringField("until", time(period.getUntil(), Long.MAX_VALUE));
    json.writeEndObject();
  }

  private static @Nullable String time(long millis, long unbounded) {
    return millis == unbounded ? null : Instant.ofEpochMilli(millis).toString();
  }
}
