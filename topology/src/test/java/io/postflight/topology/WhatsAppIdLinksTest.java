package io.postflight.topology;

import static io.postflight.topology.DrivenPipeline.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postflight.schema.identity.AliasLink;
import io.postflight.schema.identity.AliasLinks;
import io.postflight.schema.identity.LinkRelation;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Links that are learnt from changes of ids that WhatsApp reports. */
class WhatsAppIdLinksTest {
  @TempDir Path dir;

  @Test
  void business_scoped_ids_before_and_after_a_change_are_one_person_with_the_number() {
    try (DrivenPipeline pipeline = new DrivenPipeline(dir)) {
      pipeline.webhook(
          "whatsapp",
          "acme",
          NOW,
          """
          {"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"1"},"user_id_update":[{
            "wa_id":"491701234567","user_id":{"previous":"DE.111","current":"DE.222"},
            "timestamp":"%d"}]},"field":"user_id_update"}]}]}
          """
              .formatted(NOW / 1_000));

      Map<String, AliasLinks> identity = pipeline.identity();

      assertThat(identity).containsOnlyKeys("acme|491701234567", "acme|DE.111", "acme|DE.222");
      assertThat(identity)
          .extractingByKey("acme|DE.111")
          .extracting(AliasLinks::getLinks, InstanceOfAssertFactories.list(AliasLink.class))
          .extracting(AliasLink::getAlias, AliasLink::getRelation, AliasLink::getAt)
          .containsExactlyInAnyOrder(
              tuple("491701234567", LinkRelation.SAME, NOW),
              tuple("DE.222", LinkRelation.SAME, NOW));
    }
  }
}
